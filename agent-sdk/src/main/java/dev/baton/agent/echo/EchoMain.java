package dev.baton.agent.echo;

import java.util.Map;

import dev.baton.agent.Worker;
import dev.baton.wire.service.ServiceMain;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;

/**
 * The echo worker as a process of its own. Settings from the process environment: {@value #GATEWAY_URL} (default: the
 * public URL of the ingress), {@code BATON_SECRET_KEY}, {@value #WORKER_VERSION} (default {@value #VERSION_DEFAULT}).
 */
public final class EchoMain {
    static final String GATEWAY_URL = "BATON_GATEWAY_URL";
    static final String WORKER_VERSION = "BATON_WORKER_VERSION";
    static final String VERSION_DEFAULT = "dev-1";

    private EchoMain() {}

    public static void main(String[] args) throws InterruptedException {
        ServiceMain.run(EchoAgent.TASK, (settings, _) -> start(settings, System.getenv()));
    }

    private static Worker start(Settings settings, Map<String, String> environment) {
        Worker worker = EchoAgent.worker(environment.getOrDefault(GATEWAY_URL, settings.publicUrl()),
                settings.text(Setting.SECRET_KEY), environment.getOrDefault(WORKER_VERSION, VERSION_DEFAULT));
        worker.start();
        return worker;
    }
}
