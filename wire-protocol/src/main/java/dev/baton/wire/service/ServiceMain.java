package dev.baton.wire.service;

import java.util.concurrent.CountDownLatch;

/** The main of a service that runs alone: settings from the process environment, one line when it cannot start. */
public final class ServiceMain {
    /** Starts a service; it runs until it is closed. */
    @FunctionalInterface
    public interface Starter {
        AutoCloseable start(Settings settings, Metrics metrics) throws Exception;
    }

    private ServiceMain() {}

    /** Returns never: the process ends by signal, or with status 1 when the service cannot start. */
    public static void run(String name, Starter starter) throws InterruptedException {
        AutoCloseable service = startOrExit(name, starter);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(name, service), "shutdown"));
        System.out.println("READY " + name);
        stopped.await();
    }

    private static AutoCloseable startOrExit(String name, Starter starter) {
        try {
            return starter.start(Settings.of(System.getenv()), new Metrics());
        } catch (SettingsException e) {
            System.err.println("baton " + name + ": " + e.getMessage());
        } catch (Exception e) {
            System.err.println("baton " + name + ": cannot start: " + e);
        }
        // Client threads of a half-started service would keep the process alive.
        Runtime.getRuntime().halt(1);
        throw new IllegalStateException("halted");
    }

    private static void close(String name, AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            System.err.println("baton " + name + ": while stopping: " + e);
        }
    }
}
