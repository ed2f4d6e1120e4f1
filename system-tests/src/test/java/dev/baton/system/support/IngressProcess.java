package dev.baton.system.support;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.baton.wire.service.Setting;

import static org.awaitility.Awaitility.await;

/** An ingress alone, in a process of its own beside whatever else works on the same broker. */
public final class IngressProcess implements AutoCloseable {
    private static final String MAIN_CLASS = "dev.baton.ingress.IngressMain";
    private static final Duration EXIT = Patience.STOP;

    private final Map<String, String> environment;
    private final int port = StandaloneProcess.freePort();
    private final Path log = StandaloneProcess.newFolder().resolve("ingress.log");
    private ChildJvm child;

    private IngressProcess(Broker broker) {
        this.environment = new HashMap<>(broker.environment());
        environment.put(Setting.INGRESS_PORT.key(), Integer.toString(port));
        // It signs URLs of the store and never asks it.
        environment.put(Setting.OBJECT_STORE_BASE_URL.key(), "http://127.0.0.1:1");
        environment.put(Setting.OBJECT_STORE_ACCESS_KEY_ID.key(), "key");
        environment.put(Setting.OBJECT_STORE_SECRET_ACCESS_KEY.key(), "secret");
    }

    /** Starts one and returns when it is ready. */
    public static IngressProcess start(Broker broker) {
        IngressProcess ingress = new IngressProcess(broker);
        try {
            ingress.launch();
            return ingress;
        } catch (Throwable e) {
            ingress.close();
            throw e;
        }
    }

    private void launch() {
        child = ChildJvm.start(MAIN_CLASS, List.of(), environment, log);
        await("ready: " + log).atMost(Patience.START).until(this::ready);
    }

    private boolean ready() {
        if (!child.alive()) {
            throw new AssertionError("the ingress ended:\n" + child.tail(40));
        }
        try {
            return client().get("/readyz").status() == 200;
        } catch (java.io.UncheckedIOException _) {
            return false;
        }
    }

    /** Ends it without a word and starts it again on the same port. */
    public void killAndRestart() {
        child.kill();
        launch();
    }

    /** As an operator restarts it. */
    public void restart() {
        child.terminate();
        child.awaitExit(EXIT);
        launch();
    }

    /** Speaks to it with the default secret key. */
    public BatonClient client() {
        return new BatonClient(URI.create("http://127.0.0.1:" + port), BatonClient.SECRET_KEY);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }
}
