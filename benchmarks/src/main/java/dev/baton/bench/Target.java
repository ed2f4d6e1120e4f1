package dev.baton.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.json.WireJson;

/** A Baton under measurement. */
record Target(URI url, String secretKey, HttpClient http) {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    static Target at(URI url, String secretKey) {
        return new Target(url, secretKey, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    JsonNode post(String path, String body) throws IOException, InterruptedException {
        return answer(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return answer(request(path).GET().build());
    }

    /** How many bytes the body of an answer has. */
    long bytes(String path) throws IOException, InterruptedException {
        return successful(request(path).GET().build()).body().length;
    }

    /** Where, and with which credential, records of a session's {@code .out} are written. */
    record Out(URI records, String token) {}

    Out openOut(String chatId) throws IOException, InterruptedException {
        HttpHeaders headers = successful(
                request("/realtime/v1/sessions/" + chatId + "/out").PUT(BodyPublishers.noBody()).build()).headers();
        return new Out(
                URI.create(headers.firstValue("X-S2-Endpoint").orElseThrow() + "/streams/"
                        + headers.firstValue("X-S2-Stream-Name").orElseThrow() + "/records"),
                headers.firstValue("X-S2-Access-Token").orElseThrow());
    }

    void write(Out out, String batch) throws IOException, InterruptedException {
        answer(request(out.records(), out.token()).POST(BodyPublishers.ofString(batch)).build());
    }

    private HttpRequest.Builder request(String path) {
        return request(URI.create(url + path), secretKey);
    }

    private static HttpRequest.Builder request(URI to, String bearer) {
        return HttpRequest.newBuilder(to).timeout(PATIENCE).header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json");
    }

    private JsonNode answer(HttpRequest request) throws IOException, InterruptedException {
        return WireJson.readTree(new String(successful(request).body(), StandardCharsets.UTF_8));
    }

    /** A benchmark that meets an error has measured nothing. */
    private HttpResponse<byte[]> successful(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("expected success, but " + request.method() + " " + request.uri() + " gave "
                    + answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer;
    }
}
