package dev.baton.standalone;

import java.net.URI;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class EmbeddedObjectStoreTest {
    private static final String BUCKET = "baton";
    private static final String KEY = "packets/proj_local/dev/sessions/session_c1/snapshot.json";

    @TempDir
    Path folder;

    @Test
    void aRestartOnTheSameFolderKeepsTheObjects() throws Exception {
        // Given
        try (EmbeddedObjectStore first = EmbeddedObjectStore.start(folder, BUCKET);
                S3Client client = client(first, first.secretAccessKey())) {
            put(client, "{\"version\":1}");
        }

        // When
        try (EmbeddedObjectStore second = EmbeddedObjectStore.start(folder, BUCKET);
                S3Client client = client(second, second.secretAccessKey())) {

            // Then
            assertEquals("{\"version\":1}",
                    client.getObjectAsBytes(get -> get.bucket(BUCKET).key(KEY)).asUtf8String());
        }
    }

    @Test
    void anObjectIsNotReplacedOnACondition() throws Exception {
        // Given
        try (EmbeddedObjectStore store = EmbeddedObjectStore.start(folder, BUCKET);
                S3Client client = client(store, store.secretAccessKey())) {
            put(client, "first");

            // When
            S3Exception refused = assertThrows(S3Exception.class, () -> client.putObject(
                    put -> put.bucket(BUCKET).key(KEY).ifNoneMatch("*"), RequestBody.fromString("second")));

            // Then
            assertEquals(412, refused.statusCode());
        }
    }

    @Test
    void aWrongSecretIsRefused() throws Exception {
        // Given
        try (EmbeddedObjectStore store = EmbeddedObjectStore.start(folder, BUCKET);
                S3Client client = client(store, "wrong")) {

            // When
            S3Exception refused = assertThrows(S3Exception.class, () -> put(client, "text"));

            // Then
            assertEquals(403, refused.statusCode());
        }
    }

    private static void put(S3Client client, String text) {
        client.putObject(put -> put.bucket(BUCKET).key(KEY), RequestBody.fromString(text));
    }

    private static S3Client client(EmbeddedObjectStore store, String secret) {
        return S3Client.builder().endpointOverride(URI.create(store.baseUrl())).region(Region.US_EAST_1)
                .forcePathStyle(true).httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider
                        .create(AwsBasicCredentials.create(store.accessKeyId(), secret)))
                .build();
    }
}
