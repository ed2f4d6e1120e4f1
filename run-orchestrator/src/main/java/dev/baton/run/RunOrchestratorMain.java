package dev.baton.run;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;

import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.ServiceHealth;
import dev.baton.wire.service.ServiceMain;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

/** The orchestrator alone: topology, gateway and their HTTP server on {@link Setting#GATEWAY_PORT}. */
public final class RunOrchestratorMain {
    private RunOrchestratorMain() {}

    public static void main(String[] args) throws InterruptedException {
        ServiceMain.run("orchestrator", RunOrchestratorMain::start);
    }

    /** @throws SettingsException when it cannot start as configured */
    static AutoCloseable start(Settings settings, Metrics metrics) throws Exception {
        RunOrchestratorService service = RunOrchestratorService.start(settings, metrics);
        Javalin server;
        try {
            server = serve(settings, metrics, service);
        } catch (SettingsException e) {
            service.close();
            throw e;
        }
        return () -> {
            service.close();
            server.stop();
        };
    }

    private static Javalin serve(Settings settings, Metrics metrics, RunOrchestratorService service) {
        String host = settings.text(Setting.HOST);
        int port = settings.number(Setting.GATEWAY_PORT);
        try {
            return Javalin.create(config -> {
                configure(config);
                config.routes.get("/healthz", ctx -> answer(ctx, service.live(), service));
                config.routes.get("/readyz", ctx -> answer(ctx, service.ready(), service));
                config.routes.get("/metrics", ctx -> ctx.contentType("text/plain; charset=utf-8")
                        .result(metrics.scrape()));
                service.routes().accept(config);
            }).start(host, port);
        } catch (JavalinBindException _) {
            throw new SettingsException("port " + port + " on " + host + " is in use: choose another one with "
                    + Setting.GATEWAY_PORT.key());
        }
    }

    private static void configure(JavalinConfig config) {
        config.concurrency.useVirtualThreads = true;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
    }

    private static void answer(Context ctx, boolean good, ServiceHealth health) {
        ctx.status(good ? 200 : 503).contentType("text/plain; charset=utf-8")
                .result((good ? "ok " : "not yet: ") + health.name() + "\n");
    }
}
