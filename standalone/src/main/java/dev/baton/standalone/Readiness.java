package dev.baton.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.wire.service.SettingsException;

/** Waits for {@code GET /readyz} to answer 200, asking as any client would, and says now and then what it waits for. */
final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** Longer than a start takes as a rule: whoever reads this may want to know which part is slow. */
    private static final Duration NOTICE = Duration.ofSeconds(10);

    private Readiness() {}

    /** @throws SettingsException when it is not ready after a minute */
    static void await(String baseUrl) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + "/readyz")).timeout(REQUEST_TIMEOUT).build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long notice = System.nanoTime() + NOTICE.toNanos();
        String answer = "nothing";
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build()) {
            while (System.nanoTime() < deadline) {
                try {
                    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                    if (response.statusCode() == 200) {
                        return;
                    }
                    answer = response.statusCode() + " " + response.body().strip();
                } catch (IOException e) {
                    answer = e.toString();
                }
                if (System.nanoTime() >= notice) {
                    LOG.warn("not ready yet, /readyz says: {}", answer);
                    notice += NOTICE.toNanos();
                }
                Thread.sleep(PAUSE);
            }
        }
        throw new SettingsException("expected " + baseUrl + "/readyz to answer 200 within " + PATIENCE.toSeconds()
                + " s, but it said: " + answer);
    }
}
