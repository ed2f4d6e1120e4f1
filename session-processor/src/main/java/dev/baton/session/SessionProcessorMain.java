package dev.baton.session;

import dev.baton.wire.service.HealthServer;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.ServiceMain;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;

/** The session processor as a process of its own. */
public final class SessionProcessorMain {
    private SessionProcessorMain() {}

    public static void main(String[] args) throws InterruptedException {
        ServiceMain.run("processor", SessionProcessorMain::start);
    }

    private static AutoCloseable start(Settings settings, Metrics metrics) {
        SessionProcessorService service = SessionProcessorService.start(settings, metrics);
        HealthServer health = HealthServer.start(settings.text(Setting.HOST), settings.number(Setting.PROCESSOR_PORT),
                service, metrics::scrape);
        return () -> {
            health.close();
            service.close();
        };
    }
}
