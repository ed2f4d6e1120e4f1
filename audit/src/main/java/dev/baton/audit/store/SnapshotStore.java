package dev.baton.audit.store;

import java.time.Duration;
import java.util.Optional;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.baton.audit.domain.StoredSnapshot;
import dev.baton.wire.Names;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.service.ObjectStoreSettings;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;

/** Reads snapshots from the bucket, and changes nothing there. */
public final class SnapshotStore implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    /** The snapshotter's mark on what it writes; what an agent uploads has none. */
    private static final String WRITER = "baton-writer";
    private static final String SNAPSHOTTER = "snapshotter";

    private final S3Client client;
    private final ObjectStoreSettings at;
    private final Environments environments;

    private SnapshotStore(S3Client client, ObjectStoreSettings at, Environments environments) {
        this.client = client;
        this.at = at;
        this.environments = environments;
    }

    /** @throws SettingsException with one line for the operator when a setting is missing or there is no such bucket */
    public static SnapshotStore open(Settings settings) {
        ObjectStoreSettings at = ObjectStoreSettings.of(settings);
        // As the snapshotter talks to it: checksums that only newer stores know would lock out the other ones.
        S3Client client = S3Client.builder().endpointOverride(at.endpoint()).forcePathStyle(true)
                .region(Region.of(at.region()))
                .credentialsProvider(StaticCredentialsProvider
                        .create(AwsBasicCredentials.create(at.accessKeyId(), at.secretAccessKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(ATTEMPT_TIMEOUT))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(
                        override -> override.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT))
                .build();
        SnapshotStore store = new SnapshotStore(client, at, Environments.of(settings));
        try {
            client.headBucket(request -> request.bucket(at.bucket()));
            return store;
        } catch (SdkException e) {
            store.close();
            throw store.unusable(e);
        }
    }

    /** @throws SettingsException with one line for the operator when the store does not answer */
    public StoredSnapshot read(SessionRow row) {
        Optional<Environment> environment = environments.byId(row.environmentId());
        if (environment.isEmpty()) {
            return new StoredSnapshot.Unnamed();
        }
        String object = Names.snapshotObject(environment.get().projectRef(), environment.get().slug(), row.id());
        try {
            return stored(object, client.getObjectAsBytes(request -> request.bucket(at.bucket()).key(object)));
        } catch (NoSuchKeyException _) {
            return new StoredSnapshot.Absent(object);
        } catch (SdkException e) {
            throw unusable(e);
        }
    }

    private static StoredSnapshot stored(String object, ResponseBytes<GetObjectResponse> answer) {
        if (!SNAPSHOTTER.equals(answer.response().metadata().get(WRITER))) {
            return new StoredSnapshot.AgentOwned(object);
        }
        return Snapshot.read(answer.asByteArrayUnsafe())
                .<StoredSnapshot>map(snapshot -> new StoredSnapshot.Written(object, snapshot))
                .orElse(new StoredSnapshot.Broken(object));
    }

    private SettingsException unusable(SdkException e) {
        String reason = e instanceof S3Exception answered ? "status " + answered.statusCode() : e.getMessage();
        return new SettingsException(
                "expected an S3 store at " + at.endpoint() + " (OBJECT_STORE_BASE_URL) with bucket '"
                        + at.bucket() + "', but: " + reason);
    }

    @Override
    public void close() {
        client.close();
    }
}
