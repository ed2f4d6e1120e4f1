package dev.baton.ingress.snapshot;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

import dev.baton.wire.token.Environment;

/** Gets snapshots with the URLs that clients get: one way into the store, and no client of it to configure. */
public final class FetchedSnapshots implements SnapshotObjects, AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** Between the request and the head of the answer. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final SnapshotUrls urls;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1).build();

    public FetchedSnapshots(SnapshotUrls urls) {
        this.urls = urls;
    }

    @Override
    public Optional<byte[]> read(Environment environment, String sessionId) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(urls.readUrl(environment, sessionId)))
                .timeout(ANSWER_TIMEOUT).build();
        try {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            return switch (answer.statusCode()) {
                case OK -> Optional.of(answer.body());
                case NOT_FOUND -> Optional.empty();
                default -> throw new SnapshotUnavailableException(
                        "expected the object store to answer 200 or 404, but was " + answer.statusCode(), null);
            };
        } catch (IOException e) {
            // Without the URL, which is a credential.
            throw new SnapshotUnavailableException("the object store does not answer: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
