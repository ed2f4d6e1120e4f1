package dev.baton.system.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A whole Baton in a child process, on a free port and with its own data folder. It can be killed and started again on
 * the same data and port.
 */
public final class StandaloneProcess implements AutoCloseable {
    public static final String MAIN_CLASS = "dev.baton.standalone.Standalone";
    private static final String READY = "READY ";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Broker broker;
    private final List<String> jvmFlags;
    /** Besides port and folder. */
    private final List<String> options;
    private final int port = freePort();
    private final Path folder = newFolder();
    private ChildJvm child;

    private StandaloneProcess(Broker broker, List<String> jvmFlags, List<String> options) {
        this.broker = broker;
        this.jvmFlags = jvmFlags;
        this.options = options;
    }

    /** Starts one and returns when it is ready. */
    public static StandaloneProcess start(Broker broker) {
        return start(broker, List.of(), List.of());
    }

    /** As {@link #start(Broker)}, without the demo agent. @param jvmFlags they win over ours */
    public static StandaloneProcess startWithoutDemo(Broker broker, String... jvmFlags) {
        return start(broker, List.of(jvmFlags), List.of("--no-demo"));
    }

    private static StandaloneProcess start(Broker broker, List<String> jvmFlags, List<String> options) {
        StandaloneProcess standalone = new StandaloneProcess(broker, jvmFlags, options);
        try {
            standalone.launch(Patience.START);
        } catch (Throwable e) {
            standalone.close();
            throw e;
        }
        return standalone;
    }

    /** Starts it again after {@link #kill} or {@link #stop}; returns when it is ready. */
    public void restart() {
        if (child != null && child.alive()) {
            throw new IllegalStateException("expected a stopped process, but it runs");
        }
        launch(Patience.RESTART);
    }

    private void launch(Duration patience) {
        List<String> arguments = new ArrayList<>(
                List.of("--port", Integer.toString(port), "--data", folder.resolve("data").toString()));
        arguments.addAll(options);
        Map<String, String> environment = new HashMap<>(broker.environment());
        child = ChildJvm.start(jvmFlags, MAIN_CLASS, arguments, environment, log());
        String ready = child.awaitLine(line -> line.startsWith(READY), patience);
        if (!ready.equals(READY + url())) {
            throw new AssertionError("expected '" + READY + url() + "', but was '" + ready + "'");
        }
    }

    /** Like {@code kill -9}. */
    public void kill() {
        child.kill();
    }

    /** Like Ctrl-C; returns the exit status. */
    public int stop(Duration patience) {
        child.terminate();
        return child.awaitExit(patience);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Speaks to it with the default secret key. */
    public BatonClient client() {
        return new BatonClient(url(), BatonClient.SECRET_KEY);
    }

    public Path data() {
        return folder.resolve("data");
    }

    /** Everything that all its lives printed. */
    public Path log() {
        return folder.resolve("output.log");
    }

    public ChildJvm process() {
        return child;
    }

    /** Ends the process; removes the data and leaves the log. */
    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
        deleteTree(data());
    }

    public static int freePort() {
        return freePorts(1).getFirst();
    }

    /** Different ones: all are held until the last one is known. */
    public static List<Integer> freePorts(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int n = 0; n < count; n++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : held) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new folder under this module's build folder. */
    public static Path newFolder() {
        try {
            Path folder = Path.of("target", "standalone",
                    ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
            return Files.createDirectories(folder.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
