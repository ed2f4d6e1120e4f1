package dev.baton.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

/**
 * All of Baton in one process (design D13 and "Fixed interface of the launcher"). Standard output gets one line, READY
 * and the address; everything else goes to standard error. Exit status: 1 when it cannot start, 2 for wrong usage.
 */
@Command(name = "baton standalone", mixinStandardHelpOptions = true, version = "Baton 0.1.0", description = "Starts Kafka, an object store, all services and the demo agent in one process.")
public final class Standalone implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);
    /** Issue 2: Ctrl-C stops everything within 5 s, removing data included. What still runs then dies with us. */
    private static final Duration STOP_PATIENCE = Duration.ofMillis(3_800);
    private static final int USAGE = 2;
    private static final int PORT_MAX = 65_535;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "PORT", description = "Port of everything. 0 takes a free one. Default: BATON_INGRESS_PORT or 8030.")
    private Integer port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on. Default: BATON_HOST or 127.0.0.1.")
    private String host;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder for all data. Default: ./.baton.")
    private Path data;

    @Option(names = "--ephemeral", description = "Keep the data in a temporary folder and remove it on exit.")
    private boolean ephemeral;

    @Option(names = "--no-demo", description = "Do not run the demo agent 'echo'.")
    private boolean noDemo;

    public static void main(String[] arguments) {
        int status = new CommandLine(new Standalone()).setParameterExceptionHandler(Standalone::wrongUsage)
                .setExecutionExceptionHandler((exception, command, parsed) -> cannotStart(exception))
                .execute(arguments);
        // Also when something is half started: the shutdown hook stops it.
        System.exit(status);
    }

    /** Returns when the process has been told to stop. */
    @Override
    public Integer call() throws Exception {
        checkUsage();
        Listener listener = Listener.of(Settings.of(System.getenv()), host, port);
        listener.warnOfDefaultKey();
        Installation installation = new Installation(listener, dataFolder());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(installation), "shutdown"));
        installation.start(!noDemo);
        System.out.println("READY " + listener.localUrl());
        new CountDownLatch(1).await();
        return 0;
    }

    private void checkUsage() {
        if (port != null && (port < 0 || port > PORT_MAX)) {
            throw new ParameterException(spec.commandLine(),
                    "expected --port from 0 to " + PORT_MAX + ", but was " + port);
        }
        if (ephemeral && data != null) {
            throw new ParameterException(spec.commandLine(),
                    "expected --data or --ephemeral, but both were given: temporary data has no folder of yours");
        }
    }

    private DataFolder dataFolder() {
        return ephemeral ? DataFolder.temporary() : DataFolder.open(data == null ? Path.of(".baton") : data);
    }

    /** Runs in the shutdown hook; the process ends when it returns, whatever still runs. */
    private static void stop(Installation installation) {
        Thread closing = Thread.ofPlatform().daemon().name("closing").start(installation::close);
        try {
            if (!closing.join(STOP_PATIENCE)) {
                LOG.warn("not everything stopped within {} ms", STOP_PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        installation.data().close();
    }

    private static int wrongUsage(ParameterException exception, String[] arguments) {
        System.err.println("baton standalone: " + exception.getMessage() + " (see: baton standalone --help)");
        return USAGE;
    }

    private static int cannotStart(Exception exception) {
        String reason = exception instanceof SettingsException ? "" : "cannot start: ";
        System.err.println("baton standalone: " + reason + oneLine(exception));
        return 1;
    }

    private static String oneLine(Exception exception) {
        String message = exception.getMessage() == null ? exception.toString() : exception.getMessage();
        return message.lines().findFirst().orElse(exception.toString());
    }
}
