package dev.baton.ingress.http;

import java.util.Map;

/** A request that ends with an error answer. All of them are made in {@link Failures}. */
public final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String contentType;
    private final String body;
    private final transient Map<String, String> headers;

    HttpFailure(int status, String contentType, String body, Map<String, String> headers) {
        super(status + " " + body, null, false, false);
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = Map.copyOf(headers);
    }

    public int status() {
        return status;
    }

    public String contentType() {
        return contentType;
    }

    public String body() {
        return body;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
