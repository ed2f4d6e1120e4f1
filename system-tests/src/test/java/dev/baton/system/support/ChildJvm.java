package dev.baton.system.support;

import java.io.BufferedReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One child process, as a rule with a main class of ours and this test run's classpath. Its output goes into a file and, line by
 * line, to whoever waits for a line. It dies with this process (see {@link GuardedMain}), unless it was {@link #type typed}.
 */
public final class ChildJvm implements AutoCloseable {
    private static final List<String> JVM_FLAGS = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
    /** Of a Java process that SIGTERM has ended in good order. */
    public static final int TERMINATED = 143;
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    private final Process process;
    private final Path log;
    private final List<Thread> pumps;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by {@link #lock}. */
    private final List<String> out = new ArrayList<>();
    /** Guarded by {@link #lock}. */
    private final List<String> err = new ArrayList<>();
    /** Guarded by {@link #lock}: output streams that have not ended yet. */
    private int openStreams = 2;

    private ChildJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.pumps = List.of(pump(process.getInputStream(), out), pump(process.getErrorStream(), err));
    }

    /**
     * @param environment added to ours, from which everything of Baton's was removed
     * @param log gets both output streams; grows when it exists
     */
    public static ChildJvm start(String mainClass, List<String> arguments, Map<String, String> environment, Path log) {
        return start(List.of(), mainClass, arguments, environment, log);
    }

    /** @param flags of the JVM: they win over ours */
    public static ChildJvm start(List<String> flags, String mainClass, List<String> arguments,
            Map<String, String> environment, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), GuardedMain.class.getName(), mainClass));
        command.addAll(arguments);
        return start(new ProcessBuilder(command), environment, log);
    }

    /**
     * A command line as somebody types it: one that becomes a Java process, as {@code java} and {@code ./baton} do. It does not
     * die with this process, so {@link #close} it.
     *
     * @param folder where it is typed
     * @param environment as in {@link #start}
     */
    public static ChildJvm type(String commandLine, Path folder, Map<String, String> environment, Path log) {
        return start(new ProcessBuilder("sh", "-c", "exec " + commandLine).directory(folder.toFile()), environment,
                log);
    }

    private static ChildJvm start(ProcessBuilder builder, Map<String, String> environment, Path log) {
        builder.environment().keySet().removeIf(key -> key.startsWith("BATON_") || key.startsWith("OBJECT_STORE_"));
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(log.getParent());
            return new ChildJvm(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean alive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits for a line on standard output.
     *
     * @throws AssertionError with the end of the output when the process ends or the time is over before
     */
    public String awaitLine(Predicate<String> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            int seen = 0;
            while (true) {
                for (; seen < out.size(); seen++) {
                    if (wanted.test(out.get(seen))) {
                        return out.get(seen);
                    }
                }
                long left = deadline - System.nanoTime();
                if (openStreams == 0 || left <= 0) {
                    throw new AssertionError("expected the line within " + patience + ", but "
                            + (openStreams == 0 ? "the process ended" : "it did not come") + ":\n" + tail(40));
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a line", e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the process has ended by itself and its output is complete. */
    public int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("expected the process to end within " + patience + ", but it runs:\n"
                        + tail(40));
            }
            for (Thread pump : pumps) {
                pump.join(KILL_PATIENCE);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the end of a process", e);
        }
    }

    /**
     * Like {@code kill}: the process may clean up. Through its handle, because {@link Process#destroy} also closes the
     * pipes, which the process would take for our death.
     */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Like {@code kill -9}; returns when the process is gone. */
    public void kill() {
        process.toHandle().destroyForcibly();
        awaitExit(KILL_PATIENCE);
    }

    /** Makes it stand still: its connections stay, and nothing is answered. */
    public void pause() {
        signal("-STOP");
    }

    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            int status = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
            if (status != 0) {
                throw new AssertionError("expected kill " + signal + " to work, but its status was " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in kill " + signal, e);
        }
    }

    public List<String> standardOutput() {
        return copy(out);
    }

    public List<String> standardError() {
        return copy(err);
    }

    /** The last lines of standard output, then of standard error. */
    public String tail(int lines) {
        return String.join("\n",
                Stream.of(copy(out), copy(err)).flatMap(all -> all.stream().skip(Math.max(0, all.size() - lines)))
                        .toList());
    }

    @Override
    public void close() {
        kill();
    }

    private List<String> copy(List<String> lines) {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    private Thread pump(InputStream from, List<String> to) {
        return Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(
                    new InputStreamReader(from, StandardCharsets.UTF_8));
                    PrintWriter file = new PrintWriter(new FileWriter(log.toFile(), StandardCharsets.UTF_8, true),
                            true)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    file.println(line);
                    add(to, line);
                }
            } catch (IOException e) {
                add(to, "(output ended: " + e.getMessage() + ")");
            } finally {
                streamEnded();
            }
        });
    }

    private void add(List<String> to, String line) {
        lock.lock();
        try {
            to.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void streamEnded() {
        lock.lock();
        try {
            openStreams--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
