package dev.baton.ingress.http;

import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinBindException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Request;

import dev.baton.wire.service.SettingsException;

/** The HTTP server: transport settings, CORS, errors, and the routes it is given. */
public final class IngressServer implements AutoCloseable {
    /** Above the append limit; routes have their own, lower ones. */
    private static final long REQUEST_BYTES_MAX = 2_000_000;
    /** Jetty holds this buffer for as long as a stream is open: 32 KiB of the default would be half of its memory. */
    private static final int OUTPUT_BUFFER_BYTES = 1024;
    /** How long a stop waits for requests that are under way; streams have been ended before. */
    private static final Duration DRAIN = Duration.ofMillis(500);
    private static final Duration DRAIN_STEP = Duration.ofMillis(10);

    private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

    private final Javalin javalin;
    private final List<Routes> routes;
    private final AtomicInteger underWay;

    private IngressServer(Javalin javalin, List<Routes> routes, AtomicInteger underWay) {
        this.javalin = javalin;
        this.routes = List.copyOf(routes);
        this.underWay = underWay;
    }

    /**
     * @param port 0 for any free one
     * @param moreRoutes of other services in this process
     * @throws SettingsException when the port is in use
     */
    public static IngressServer start(String host, int port, ConnectionLimits limits, List<Routes> routes,
            List<Consumer<JavalinConfig>> moreRoutes) {
        AtomicInteger underWay = new AtomicInteger();
        Javalin javalin = Javalin.create(config -> {
            configure(config);
            config.jetty.addConnector((server, http) -> Connectors.http(server, http, host, port, limits));
            config.appData(RequestBody.ARRIVAL_MAX, limits.arrivalMax());
            config.routes.before(_ -> underWay.incrementAndGet());
            config.requestLogger.http((_, _) -> underWay.decrementAndGet());
            register(config.routes, routes);
            moreRoutes.forEach(more -> more.accept(config));
        });
        try {
            return new IngressServer(javalin.start(), routes, underWay);
        } catch (JavalinBindException e) {
            throw new SettingsException("port " + port + " on " + host + " is in use: choose another one");
        } catch (RuntimeException e) {
            throw new SettingsException("cannot listen on " + host + ":" + port + ": " + rootCause(e));
        }
    }

    /** What every ingress serves, whatever it stands on. */
    public static void register(RoutesConfig config, List<Routes> routes) {
        CorsPolicy.register(config);
        ErrorMapping.register(config);
        routes.forEach(group -> group.register(config));
    }

    private static void configure(JavalinConfig config) {
        config.concurrency.useVirtualThreads = true;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = REQUEST_BYTES_MAX;
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
            http.setSendServerVersion(false);
            http.setUriCompliance(http.getUriCompliance().without("BATON", UriCompliance.Violation.UTF16_ENCODINGS));
            http.addCustomizer(IngressServer::withoutMethodOverride);
        });
        // A target without any path would be redirected to wherever the rest of it says.
        config.jetty.modifyServletContextHandler(context -> context.setAllowNullPathInContext(true));
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new ErrorMapping.JsonErrors());
            // Jetty would wait for idle keep-alive connections too.
            server.setStopTimeout(0);
        });
    }

    /** The framework would take the method from this header, behind the back of proxies that judge requests by it. */
    private static Request withoutMethodOverride(Request request, HttpFields.Mutable answered) {
        if (!request.getHeaders().contains(METHOD_OVERRIDE)) {
            return request;
        }
        HttpFields headers = HttpFields.build(request.getHeaders()).remove(METHOD_OVERRIDE).asImmutable();
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return headers;
            }
        };
    }

    private static String rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        routes.forEach(Routes::stop);
        drain();
        javalin.stop();
    }

    private void drain() {
        long deadline = System.nanoTime() + DRAIN.toNanos();
        try {
            while (underWay.get() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(DRAIN_STEP);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
