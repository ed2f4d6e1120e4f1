package dev.baton.snapshot;

import dev.baton.wire.service.HealthServer;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.ServiceMain;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;

/** Runs the snapshotter alone. */
public final class SnapshotterMain {
    private SnapshotterMain() {}

    public static void main(String[] args) throws InterruptedException {
        ServiceMain.run("snapshotter", SnapshotterMain::start);
    }

    private static AutoCloseable start(Settings settings, Metrics metrics) {
        SnapshotterService service = SnapshotterService.start(settings, metrics);
        HealthServer health = HealthServer.start(settings.text(Setting.HOST),
                settings.number(Setting.SNAPSHOTTER_PORT), service, metrics::scrape);
        return () -> {
            health.close();
            service.close();
        };
    }
}
