package dev.baton.standalone;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.agent.echo.EchoAgent;
import dev.baton.ingress.IngressService;
import dev.baton.run.RunOrchestratorService;
import dev.baton.session.SessionProcessorService;
import dev.baton.snapshot.SnapshotterService;
import dev.baton.wire.service.EndpointsFile;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.TopicProvisioner;
import dev.baton.wire.token.Environments;

/**
 * Everything that runs in a standalone process, started from the bottom up and stopped from the top down. The main
 * thread starts, the shutdown hook stops; a stop in the middle of a start closes what is there and fails the rest.
 */
final class Installation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Installation.class);
    private static final String DEMO_VERSION = "demo-1";

    private final Listener listener;
    private final DataFolder data;
    private final Metrics metrics = new Metrics();
    /** Guarded by this: the layers that run, the top one first. Parts of one layer do not need each other. */
    private final Deque<Concurrently.Layer> layers = new ArrayDeque<>();
    /** Guarded by this. */
    private boolean closed;

    Installation(Listener listener, DataFolder data) {
        this.listener = listener;
        this.data = data;
    }

    DataFolder data() {
        return data;
    }

    /**
     * Returns when {@code /readyz} says so.
     *
     * @throws dev.baton.wire.service.SettingsException with one line for the operator when it cannot start as configured
     */
    void start(boolean demo) throws Exception {
        long startedAt = System.nanoTime();
        Settings settings = startEmbedded();
        EndpointsFile.write(data.path(), settings);
        TopicProvisioner.provision(settings);
        startServices(settings);
        if (demo) {
            var worker = EchoAgent.worker(listener.localUrl(), Environments.of(settings).first().currentKey(),
                    DEMO_VERSION);
            add(new Concurrently.Layer(List.of(worker)));
            worker.start();
        }
        Readiness.await(listener.localUrl());
        LOG.atInfo().addKeyValue("data", data.path()).addKeyValue("demo", demo)
                .addKeyValue("kafka", settings.text(Setting.KAFKA_BOOTSTRAP))
                .addKeyValue("tookMs", (System.nanoTime() - startedAt) / 1_000_000).log("ready");
    }

    /** What the environment names is used, what it does not name is embedded. */
    private Settings startEmbedded() throws Exception {
        // Nobody else is there to keep copies.
        Settings given = listener.settings().with(Setting.STATE_DIR, data.state().toString())
                .with(Setting.STANDBY_REPLICAS, "0");
        boolean embedBroker = !given.isSet(Setting.KAFKA_BOOTSTRAP);
        boolean embedStore = !given.isSet(Setting.OBJECT_STORE_BASE_URL);
        var broker = Concurrently.start(embedBroker, () -> EmbeddedBroker.start(data.kafka()));
        var store = Concurrently.start(embedStore,
                () -> EmbeddedObjectStore.start(data.objects(), given.text(Setting.OBJECT_STORE_BUCKET)));
        add(Concurrently.layer(broker, store));
        Settings settings = given;
        if (embedBroker) {
            settings = settings.with(Setting.KAFKA_BOOTSTRAP, broker.get().bootstrap());
        }
        if (embedStore) {
            settings = settings.with(Setting.OBJECT_STORE_BASE_URL, store.get().baseUrl())
                    .with(Setting.OBJECT_STORE_ACCESS_KEY_ID, store.get().accessKeyId())
                    .with(Setting.OBJECT_STORE_SECRET_ACCESS_KEY, store.get().secretAccessKey());
        }
        return settings;
    }

    private void startServices(Settings settings) throws Exception {
        var processor = Concurrently.start(true, () -> SessionProcessorService.start(settings, metrics));
        var orchestrator = Concurrently.start(true, () -> RunOrchestratorService.start(settings, metrics));
        var snapshotter = Concurrently.start(true, () -> SnapshotterService.start(settings, metrics));
        var ingress = Concurrently.start(true, () -> IngressService.start(settings, metrics,
                List.of(processor.get(), orchestrator.get(), snapshotter.get()),
                List.of(orchestrator.get().routes())));
        // One layer: the HTTP server that stops waits for the polls that the orchestrator answers when it stops.
        add(Concurrently.layer(processor, orchestrator, snapshotter, ingress));
    }

    private synchronized void add(Concurrently.Layer layer) {
        if (closed) {
            layer.close();
            throw new IllegalStateException("stopped while starting");
        }
        layers.push(layer);
    }

    @Override
    public synchronized void close() {
        closed = true;
        removeEndpoints();
        while (!layers.isEmpty()) {
            layers.pop().close();
        }
    }

    /** They are no longer true. After kill -9 they stay, and whoever follows them finds nobody. */
    private void removeEndpoints() {
        try {
            EndpointsFile.remove(data.path());
        } catch (IOException e) {
            LOG.warn("could not remove {} from {}: {}", EndpointsFile.NAME, data.path(), e.toString());
        }
    }
}
