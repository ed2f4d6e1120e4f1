package dev.baton.snapshot.store;

import java.time.Duration;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.baton.wire.service.ObjectStoreSettings;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

/** The S3 client of the snapshotter and its bucket (features #190). Any S3-compatible store, path style. */
public final class ObjectStore implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);
    /** With the client's own retries. Beyond it a boundary goes back to its queue. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final int NOT_FOUND = 404;

    private final S3Client client;
    private final String bucket;

    private ObjectStore(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * Connects and creates the bucket when it is missing; calls of several processes may race.
     *
     * @throws SettingsException with one line for the operator when a setting is missing or the store does not answer
     */
    public static ObjectStore open(Settings settings) {
        ObjectStoreSettings at = ObjectStoreSettings.of(settings);
        // Checksums that only newer stores know would lock out the other ones.
        S3Client client = S3Client.builder().endpointOverride(at.endpoint()).forcePathStyle(true)
                .region(Region.of(at.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(at.accessKeyId(), at.secretAccessKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(ATTEMPT_TIMEOUT))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(
                        override -> override.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT))
                .build();
        ObjectStore store = new ObjectStore(client, at.bucket());
        try {
            store.ensureBucket();
            return store;
        } catch (SdkException e) {
            store.close();
            throw new SettingsException(
                    "expected an S3 store at " + at.endpoint() + " (OBJECT_STORE_BASE_URL) with bucket '"
                            + store.bucket + "', but: " + oneLine(e));
        }
    }

    S3Client client() {
        return client;
    }

    String bucket() {
        return bucket;
    }

    private void ensureBucket() {
        if (bucketExists()) {
            return;
        }
        try {
            client.createBucket(request -> request.bucket(bucket));
        } catch (BucketAlreadyOwnedByYouException _) {
            // Another process created it in the same moment: that is what we wanted.
        } catch (S3Exception e) {
            if (!bucketExists()) {
                throw e;
            }
        }
    }

    private boolean bucketExists() {
        try {
            client.headBucket(request -> request.bucket(bucket));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static String oneLine(SdkException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }

    @Override
    public void close() {
        client.close();
    }
}
