package dev.baton.system.support;

import java.net.http.HttpResponse;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.json.WireJson;

/** A complete answer; {@code response} for what tests rarely ask. */
public record HttpAnswer(HttpResponse<String> response) {
    public int status() {
        return response.statusCode();
    }

    public String body() {
        return response.body();
    }

    public JsonNode json() {
        return WireJson.readTree(response.body());
    }

    public Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /** This answer, if it has the status. */
    public HttpAnswer expect(int status) {
        if (status() != status) {
            throw new AssertionError("expected " + status + ", but was " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return response.request().method() + " " + response.uri().getRawPath() + " -> " + status() + " " + body();
    }
}
