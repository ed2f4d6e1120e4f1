package dev.baton.ingress.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.command.NoReplyException;
import dev.baton.ingress.facade.FacadeFailure;
import dev.baton.ingress.log.LogUnavailableException;
import dev.baton.ingress.snapshot.SnapshotUnavailableException;

/** Turns whatever a route throws into an answer. Nobody outside ever sees a stack trace. */
final class ErrorMapping {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapping.class);

    private ErrorMapping() {}

    static void register(RoutesConfig routes) {
        routes.exception(HttpFailure.class, (failure, ctx) -> answer(ctx, failure));
        routes.exception(FacadeFailure.class, (failure, ctx) -> answer(ctx, Failures.facade(failure)));
        routes.exception(HttpResponseException.class, (failure, ctx) -> answer(ctx, ofFramework(failure)));
        routes.exception(NoReplyException.class, (failure, ctx) -> {
            LOG.warn("no decision, path={} cause={}", ctx.endpoint().path, failure.getMessage());
            answer(ctx, Failures.unavailable("No decision in time, please try again"));
        });
        routes.exception(SnapshotUnavailableException.class, (failure, ctx) -> {
            LOG.warn("snapshot unavailable, path={} cause={}", ctx.endpoint().path, failure.getMessage());
            answer(ctx, Failures.unavailable("The history is not available, please try again"));
        });
        routes.exception(LogUnavailableException.class, (failure, ctx) -> {
            LOG.warn("log unavailable, path={} cause={}", ctx.endpoint().path, failure.getMessage());
            answer(ctx, Failures.unavailable("The log is not available, please try again"));
        });
        routes.exception(Exception.class, (failure, ctx) -> {
            LOG.error("unhandled, method={} path={}", ctx.method(), ctx.endpoint().path, failure);
            answer(ctx, Failures.unhandled());
        });
    }

    private static HttpFailure ofFramework(HttpResponseException failure) {
        if (failure instanceof MethodNotAllowedResponse notAllowed) {
            String allowed = allowed(notAllowed);
            // Only preflights are answered there: there is no such route.
            return allowed.isEmpty() ? Failures.unknownPath() : Failures.methodNotAllowed(allowed);
        }
        if (failure.getStatus() == 404) {
            return Failures.unknownPath();
        }
        if (failure.getStatus() == 413) {
            return Failures.bodyTooLarge();
        }
        return Failures.ofStatus(failure.getStatus(), failure.getMessage());
    }

    private static String allowed(MethodNotAllowedResponse failure) {
        return failure.getDetails().values().stream().flatMap(methods -> Arrays.stream(methods.split(",")))
                .map(String::strip).filter(method -> !method.equals("OPTIONS")).distinct().sorted()
                .collect(Collectors.joining(", "));
    }

    static void answer(Context ctx, HttpFailure failure) {
        if (ctx.res().isCommitted()) {
            // A stream that broke after its headers: there is nobody to tell.
            return;
        }
        failure.headers().forEach(ctx::header);
        ctx.status(failure.status()).contentType(failure.contentType()).result(failure.body());
    }

    /** For requests that the server refuses before any route sees them: a path that cannot be decoded and the like. */
    static final class JsonErrors extends ErrorHandler {
        /** By default PUT, PATCH and DELETE would get no body and no header that lets a browser see the status. */
        @Override
        public boolean errorPageForMethod(String method) {
            return true;
        }

        @Override
        protected void generateResponse(Request request, Response response, int code, String message, Throwable cause,
                Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
            if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
                // Where the next request begins is not known: the server hangs up, and says so.
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
            String origin = request.getHeaders().get(HttpHeader.ORIGIN);
            response.getHeaders().put(CorsPolicy.ALLOW_ORIGIN, origin == null ? "*" : origin);
            String body = code == 400 ? "{\"error\":\"Bad Request\"}" : "{\"error\":\"Request refused\"}";
            response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
        }
    }
}
