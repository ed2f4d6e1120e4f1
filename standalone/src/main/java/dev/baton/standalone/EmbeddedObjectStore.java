package dev.baton.standalone;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real S3 endpoint in this process over a local folder (design D13): one sub-folder per bucket, one file per object.
 * Port and secret key are new at every start; only what this process presigns or hands out can use it.
 */
public final class EmbeddedObjectStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedObjectStore.class);
    private static final String ACCESS_KEY_ID = "baton";
    private static final int SECRET_BYTES = 20;
    /** At once: whoever used it has stopped before, and its idle connections would be waited for. */
    private static final long STOP_TIMEOUT_MS = 0;

    private final S3Proxy proxy;
    private final String secretAccessKey;

    private EmbeddedObjectStore(S3Proxy proxy, String secretAccessKey) {
        this.proxy = proxy;
        this.secretAccessKey = secretAccessKey;
    }

    /**
     * Starts on this folder and makes sure that the bucket exists.
     *
     * @throws IOException when it does not start; the message is one line
     */
    public static EmbeddedObjectStore start(Path folder, String bucket) throws IOException {
        Files.createDirectories(folder.resolve(bucket));
        String secret = randomSecret();
        Properties backend = new Properties();
        backend.put("jclouds.provider", "filesystem");
        backend.put("jclouds.filesystem.basedir", folder.toString());
        backend.put("jclouds.identity", ACCESS_KEY_ID);
        backend.put("jclouds.credential", secret);
        S3Proxy proxy = S3Proxy.builder().blobStore(BlobStores.create("filesystem", backend))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY_ID, secret)
                .stopTimeout(STOP_TIMEOUT_MS).metricsEnabled(false).build();
        EmbeddedObjectStore store = new EmbeddedObjectStore(proxy, secret);
        try {
            proxy.start();
            return store;
        } catch (Exception e) {
            // Its server threads are no daemons: left alone they would keep the process alive.
            store.close();
            throw new IOException("the embedded object store does not start on " + folder + ": " + e, e);
        }
    }

    private static String randomSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** For {@code OBJECT_STORE_BASE_URL}. */
    public String baseUrl() {
        return "http://127.0.0.1:" + proxy.getPort();
    }

    public String accessKeyId() {
        return ACCESS_KEY_ID;
    }

    public String secretAccessKey() {
        return secretAccessKey;
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            LOG.warn("the embedded object store did not stop cleanly: {}", e.toString());
        }
    }
}
