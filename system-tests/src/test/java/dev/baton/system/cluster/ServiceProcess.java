package dev.baton.system.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.service.Setting;

import static org.awaitility.Awaitility.await;

/** One process of one service, with its own port and state folder. */
public final class ServiceProcess implements Member {
    /** What runs apart, and where it listens. */
    public enum Service {
        INGRESS("dev.baton.ingress.IngressMain", Setting.INGRESS_PORT),
        PROCESSOR("dev.baton.session.SessionProcessorMain",
                Setting.PROCESSOR_PORT),
        ORCHESTRATOR("dev.baton.run.RunOrchestratorMain",
                Setting.GATEWAY_PORT),
        SNAPSHOTTER("dev.baton.snapshot.SnapshotterMain", Setting.SNAPSHOTTER_PORT);

        private final String mainClass;
        private final Setting port;

        Service(String mainClass, Setting port) {
            this.mainClass = mainClass;
            this.port = port;
        }
    }

    private final Service service;
    private final String name;
    private final Map<String, String> environment = new HashMap<>();
    private final int port = StandaloneProcess.freePort();
    private final Path folder = StandaloneProcess.newFolder();
    private ChildJvm process;

    /** One that is not started yet and has its port already: others may have to know it. */
    ServiceProcess(Service service, int number) {
        this.service = service;
        this.name = service.name().toLowerCase(Locale.ROOT) + "-" + number;
    }

    /**
     * Starts one and returns when it is ready.
     *
     * @param environment what it needs besides its port and folder
     */
    public static ServiceProcess start(Service service, int number, Map<String, String> environment) {
        ServiceProcess started = notStarted(service, number, environment);
        try {
            started.start();
            return started;
        } catch (Throwable e) {
            started.close();
            throw e;
        }
    }

    /** As {@link #start(Service, int, Map)}, for others that have to know its address first. */
    public static ServiceProcess notStarted(Service service, int number, Map<String, String> environment) {
        ServiceProcess prepared = new ServiceProcess(service, number);
        prepared.environment(environment);
        return prepared;
    }

    /** What its lives need besides its port and folder. */
    void environment(Map<String, String> needed) {
        environment.putAll(needed);
        environment.put(service.port.key(), Integer.toString(port));
        environment.put(Setting.STATE_DIR.key(), folder.resolve("state").toString());
    }

    @Override
    public void start() {
        process = ChildJvm.start(service.mainClass, List.of(), environment, log());
        await("ready: " + log()).atMost(Patience.DEPLOYMENT_START).until(this::ready);
    }

    /** @throws AssertionError when the process has ended */
    boolean ready() {
        if (!process.alive()) {
            throw new AssertionError(name + " ended:\n" + process.tail(40));
        }
        try {
            return client().get("/readyz").status() == 200;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    /** As an operator stops it; returns when it is gone. */
    public void stop() {
        process.terminate();
        process.awaitExit(Patience.STOP);
    }

    /** Speaks to it with the default secret key. */
    public BatonClient client() {
        return new BatonClient(url(), BatonClient.SECRET_KEY);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public int port() {
        return port;
    }

    Service service() {
        return service;
    }

    /** Stream tasks whose stores lie in its state folder: those that it works on, and copies of others. */
    public long storedTasks() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("state"))) {
            return all.filter(Files::isDirectory).filter(each -> each.getFileName().toString().matches("0_\\d+"))
                    .filter(task -> Files.exists(task.resolve("rocksdb"))).count();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ChildJvm process() {
        return process;
    }

    private Path log() {
        return folder.resolve(name + ".log");
    }
}
