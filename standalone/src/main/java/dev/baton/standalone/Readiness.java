package dev.baton.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import dev.baton.wire.service.SettingsException;

/** Waits for {@code GET /readyz} to answer 200, asking as any client would. */
final class Readiness {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Readiness() {}

    /** @throws SettingsException when it is not ready after a minute */
    static void await(String baseUrl) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + "/readyz")).timeout(REQUEST_TIMEOUT).build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
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
                Thread.sleep(PAUSE);
            }
        }
        throw new SettingsException("expected " + baseUrl + "/readyz to answer 200 within " + PATIENCE.toSeconds()
                + " s, but it said: " + answer);
    }
}
