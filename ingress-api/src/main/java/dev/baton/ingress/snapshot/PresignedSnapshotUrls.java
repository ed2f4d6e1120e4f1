package dev.baton.ingress.snapshot;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

import dev.baton.wire.Names;
import dev.baton.wire.service.ObjectStoreSettings;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.token.Environment;

/** Signs URLs of the object store itself; nothing is sent anywhere. Content types are not part of the signature. */
public final class PresignedSnapshotUrls implements SnapshotUrls, AutoCloseable {
    private final S3Presigner presigner;
    private final String bucket;

    private PresignedSnapshotUrls(S3Presigner presigner, String bucket) {
        this.presigner = presigner;
        this.bucket = bucket;
    }

    /** @throws SettingsException when the object store is not configured */
    public static PresignedSnapshotUrls of(Settings settings) {
        ObjectStoreSettings store = ObjectStoreSettings.of(settings);
        S3Presigner presigner = S3Presigner.builder().endpointOverride(store.endpoint())
                .region(Region.of(store.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(store.accessKeyId(), store.secretAccessKey())))
                .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build()).build();
        return new PresignedSnapshotUrls(presigner, store.bucket());
    }

    @Override
    public String readUrl(Environment environment, String sessionId) {
        String key = key(environment, sessionId);
        return presigner.presignGetObject(presign -> presign.signatureDuration(ObjectStoreSettings.URL_VALIDITY)
                .getObjectRequest(object -> object.bucket(bucket).key(key))).url().toString();
    }

    @Override
    public String writeUrl(Environment environment, String sessionId) {
        String key = key(environment, sessionId);
        return presigner.presignPutObject(presign -> presign.signatureDuration(ObjectStoreSettings.URL_VALIDITY)
                .putObjectRequest(object -> object.bucket(bucket).key(key))).url().toString();
    }

    private static String key(Environment environment, String sessionId) {
        return Names.snapshotObject(environment.projectRef(), environment.slug(), sessionId);
    }

    @Override
    public void close() {
        presigner.close();
    }
}
