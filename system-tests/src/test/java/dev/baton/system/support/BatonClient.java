package dev.baton.system.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.baton.wire.service.Settings;

/**
 * Speaks the Sessions protocol to one Baton, with one credential. Nothing in it knows how Baton works inside.
 *
 * @param bearer the credential, null to send none
 */
public record BatonClient(URI url, String bearer) {
    public static final String SECRET_KEY = Settings.DEFAULT_SECRET_KEY;
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();

    /** The same server with another credential. */
    public BatonClient as(String otherBearer) {
        return new BatonClient(url, otherBearer);
    }

    public HttpAnswer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public HttpAnswer head(String path) {
        return send("HEAD", path, BodyPublishers.noBody());
    }

    public HttpAnswer put(String path, String... headers) {
        return send("PUT", path, BodyPublishers.noBody(), headers);
    }

    public HttpAnswer post(String path, String body, String... headers) {
        return send("POST", path, BodyPublishers.ofString(body), headers);
    }

    /** A body whose length is not announced. */
    public HttpAnswer postChunked(String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return send("POST", path, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    }

    public HttpAnswer send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest request = request(path, headers).timeout(ANSWER_PATIENCE).method(method, body).build();
        try {
            return new HttpAnswer(HTTP.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in " + method + " " + path, e);
        }
    }

    /** A bare request to an absolute URL, as clients fetch presigned URLs: no credential. */
    public static HttpAnswer fetch(String method, String absoluteUrl, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(absoluteUrl)).timeout(ANSWER_PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)).build();
        try {
            return new HttpAnswer(HTTP.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + absoluteUrl, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in " + method + " " + absoluteUrl, e);
        }
    }

    /** Opens an SSE stream. */
    public SseConnection stream(String path, String... headers) {
        return SseConnection.open(HTTP, request(path, headers).header("Accept", "text/event-stream").GET().build());
    }

    /** {@code /api/v1/sessions/{session}} and a suffix. */
    public static String session(String session, String suffix) {
        return "/api/v1/sessions/" + encode(session) + suffix;
    }

    /** {@code /realtime/v1/sessions/{session}/{io}} and a suffix. */
    public static String channel(String session, String io, String suffix) {
        return "/realtime/v1/sessions/" + encode(session) + "/" + io + suffix;
    }

    /** As JavaScript's encodeURIComponent does it in a path. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).header("Content-Type",
                "application/json");
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request;
    }
}
