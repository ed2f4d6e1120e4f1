package dev.baton.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import dev.baton.agent.http.BackOff;
import dev.baton.agent.http.CallRefusedException;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.SupersededException;
import dev.baton.agent.http.UnreachableException;
import dev.baton.agent.session.SessionClient;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.worker.DequeuedRun;
import dev.baton.wire.worker.HeartbeatAnswer;

/**
 * Takes runs of one task from a gateway and executes them. It speaks HTTP and nothing else.
 *
 * <p>Threads: one long-polls for runs, one sends heartbeats that name all runs, each run has a virtual thread. The first
 * two are platform threads, so that agents that keep every carrier busy do not cost the worker its leases. If the process
 * dies, the heartbeats stop and every run is taken over by a successor.
 */
public final class Worker implements AutoCloseable {
    private static final String VERSION_DEFAULT = "dev-1";
    /** Runs that idle count: each is a parked virtual thread and an open stream. */
    private static final int SLOTS_DEFAULT = 256;
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    /** Until the first run says how long leases are. */
    private static final Duration HEARTBEAT_INTERVAL_DEFAULT = Duration.ofMillis(1_500);
    private static final Duration HEARTBEAT_TIMEOUT_MIN = Duration.ofSeconds(1);
    private static final int HEARTBEATS_PER_LEASE = 3;
    /** After runs were told to break off: time to say so to the gateway. */
    private static final Duration BREAK_OFF_TIME = Duration.ofSeconds(1);
    private static final Duration QUIET_PATIENCE = Duration.ofMillis(500);

    private final HttpCalls calls = new HttpCalls();
    private final WorkerGateway gateway;
    private final Agent agent;
    private final int slotCount;
    private final Duration drainTimeout;
    private final Semaphore freeSlots;
    /** By run id. Added to by the dequeue thread, removed from by the thread of the run. */
    private final Map<String, LiveRun> runs = new ConcurrentHashMap<>();
    private final Thread dequeueThread;
    private final Thread heartbeatThread;
    private volatile Duration heartbeatInterval = HEARTBEAT_INTERVAL_DEFAULT;
    private volatile boolean draining;

    private Worker(Builder builder) {
        String workerId = "worker_" + UUID.randomUUID().toString().substring(0, 13);
        gateway = new WorkerGateway(calls, builder.baseUrl, builder.secretKey, workerId, builder.task,
                builder.version);
        agent = builder.agent;
        slotCount = builder.slots;
        drainTimeout = builder.drainTimeout;
        freeSlots = new Semaphore(slotCount);
        dequeueThread = Thread.ofPlatform().daemon().name("dequeue-" + builder.task).unstarted(this::dequeue);
        heartbeatThread = Thread.ofPlatform().daemon().name("heartbeat-" + builder.task).unstarted(this::heartbeat);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** For an agent that needs nothing but its gateway and key: version {@value #VERSION_DEFAULT}, {@value #SLOTS_DEFAULT} slots. */
    public static Builder of(Agent agent, String task, String baseUrl, String secretKey) {
        return new Builder().baseUrl(baseUrl).secretKey(secretKey).task(task).version(VERSION_DEFAULT)
                .slots(SLOTS_DEFAULT).agent(agent);
    }

    /** Starts taking runs; returns at once. The gateway may come later. */
    public void start() {
        heartbeatThread.start();
        dequeueThread.start();
    }

    private void dequeue() {
        BackOff backOff = BackOff.ofCalls();
        try {
            while (true) {
                waitForSlot();
                try {
                    gateway.dequeue(freeSlots.availablePermits()).forEach(this::take);
                    backOff.reset();
                } catch (IOException | UncheckedIOException | CallRefusedException | SupersededException e) {
                    LOG.atWarn().addKeyValue("reason", e.getMessage()).log("no answer to dequeue, trying again");
                    backOff.pause();
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("dequeue loop ends");
        }
    }

    private void waitForSlot() throws InterruptedException {
        while (draining) {
            Thread.sleep(heartbeatInterval);
        }
        // Only this thread takes slots, so what is free here stays free until it takes them.
        freeSlots.acquire();
        freeSlots.release();
    }

    private void take(DequeuedRun assignment) {
        heartbeatInterval = Duration.ofMillis(assignment.leaseTtlMs()).dividedBy(HEARTBEATS_PER_LEASE);
        LiveRun before = runs.get(assignment.runId());
        if (before != null && before.run().assignment().attempt() == assignment.attempt()) {
            // Its start took so long that it was given away again, to us: one execution asks for it as well as the other.
            return;
        }
        freeSlots.acquireUninterruptibly();
        LiveRun run = new LiveRun(new AgentRun(assignment, new SessionClient(calls, assignment)), this::execute);
        runs.put(assignment.runId(), run);
        if (before != null) {
            // Another attempt of a run that this worker still has: the old one lost its lease.
            before.cancel();
        }
        run.start();
    }

    private void execute(LiveRun live) {
        DequeuedRun assignment = live.run().assignment();
        try {
            gateway.start(assignment);
            log(live).addKeyValue("attempt", assignment.attempt()).addKeyValue("reason", assignment.reason())
                    .log("run started");
            RunEnd end = run(live);
            gateway.complete(assignment, end, patience(end));
            log(live).addKeyValue("outcome", end.outcome()).addKeyValue("settledInSeq", end.settledInSeq())
                    .log("run ended");
        } catch (SimulatedCrash _) {
            log(live).log("run crashed on purpose");
        } catch (SupersededException | CallRefusedException | UnreachableException | InterruptedException e) {
            log(live).addKeyValue("cause", e.getMessage()).log("run is no longer ours");
        } finally {
            runs.remove(live.runId(), live);
            freeSlots.release();
        }
    }

    /** Executes the agent's code; everything it throws becomes an end. */
    private RunEnd run(LiveRun live) {
        try {
            return agent.run(live.run());
        } catch (SupersededException _) {
            return RunEnd.cancelled();
        } catch (InterruptedException _) {
            return live.cancelled() ? RunEnd.cancelled() : RunEnd.failed("the worker stopped");
        } catch (SimulatedCrash e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.atError().addKeyValue("runId", live.runId()).setCause(e).log("run failed");
            return RunEnd.failed(e.getClass().getSimpleName());
        }
    }

    /** Nobody waits for the word of a run that was taken away. */
    private static Duration patience(RunEnd end) {
        return end.outcome() == RunOutcome.COMPLETED ? HttpCalls.PATIENCE : QUIET_PATIENCE;
    }

    private void heartbeat() {
        try {
            while (true) {
                Thread.sleep(heartbeatInterval);
                Duration timeout = heartbeatInterval.compareTo(HEARTBEAT_TIMEOUT_MIN) > 0
                        ? heartbeatInterval
                        : HEARTBEAT_TIMEOUT_MIN;
                try {
                    List<LiveRun> held = List.copyOf(runs.values());
                    List<LiveRun> waiting = held.stream().filter(live -> live.run().waiting()).toList();
                    obey(gateway.heartbeat(ids(held), ids(waiting), timeout));
                } catch (IOException | UncheckedIOException | CallRefusedException | SupersededException e) {
                    LOG.atWarn().addKeyValue("reason", e.getMessage()).log("no answer to heartbeat");
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("heartbeat loop ends");
        }
    }

    private static List<String> ids(List<LiveRun> live) {
        return live.stream().map(LiveRun::runId).toList();
    }

    private void obey(HeartbeatAnswer answer) {
        draining = answer.drain();
        for (String runId : answer.cancel()) {
            LiveRun run = runs.get(runId);
            if (run != null) {
                log(run).log("run cancelled by the gateway");
                run.cancel();
            }
        }
    }

    private static LoggingEventBuilder log(LiveRun live) {
        DequeuedRun assignment = live.run().assignment();
        return LOG.atInfo().addKeyValue("sessionId", assignment.sessionId())
                .addKeyValue("runId", assignment.runId()).addKeyValue("generation", assignment.generation());
    }

    /**
     * Takes nothing new, lets the turns that run end within the drain timeout, breaks off what is left and tells the
     * gateway, so that successors start elsewhere. Returns after at most the drain timeout and about two seconds.
     */
    @Override
    public void close() {
        try {
            dequeueThread.interrupt();
            dequeueThread.join(BREAK_OFF_TIME);
            runs.values().forEach(live -> live.run().drain());
            if (!allEndWithin(drainTimeout)) {
                runs.values().forEach(LiveRun::breakOff);
                allEndWithin(BREAK_OFF_TIME);
            }
            heartbeatThread.interrupt();
            heartbeatThread.join(BREAK_OFF_TIME);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            heartbeatThread.interrupt();
            calls.close();
        }
    }

    private boolean allEndWithin(Duration bound) throws InterruptedException {
        if (!freeSlots.tryAcquire(slotCount, bound.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.atInfo().addKeyValue("runs", runs.size()).log("runs still going");
            return false;
        }
        // A second close finds them free as well.
        freeSlots.release(slotCount);
        return true;
    }

    /** What a worker needs to know. All but the drain timeout must be set. */
    public static final class Builder {
        private static final Duration DRAIN_TIMEOUT_DEFAULT = Duration.ofSeconds(2);

        private String baseUrl;
        private String secretKey;
        private String task;
        private String version;
        private int slots;
        private Agent agent;
        private Duration drainTimeout = DRAIN_TIMEOUT_DEFAULT;

        private Builder() {}

        /** Base URL of the worker gateway. */
        public Builder baseUrl(String baseUrl) {
            this.baseUrl = baseUrl;
            return this;
        }

        /** Secret key of the environment whose runs it takes. */
        public Builder secretKey(String secretKey) {
            this.secretKey = secretKey;
            return this;
        }

        public Builder task(String task) {
            this.task = task;
            return this;
        }

        /** Version of the code; the gateway gives runs to the current one (design D8). */
        public Builder version(String version) {
            this.version = version;
            return this;
        }

        /** How many runs it executes at the same time, at least 1. */
        public Builder slots(int slots) {
            this.slots = slots;
            return this;
        }

        public Builder agent(Agent agent) {
            this.agent = agent;
            return this;
        }

        /** How long {@link Worker#close()} lets turns go on. */
        public Builder drainTimeout(Duration drainTimeout) {
            this.drainTimeout = drainTimeout;
            return this;
        }

        /** Builds it and serves until the thread is interrupted or the process is told to end. */
        public void serve() throws InterruptedException {
            try (Worker worker = build()) {
                Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "worker-stop"));
                worker.start();
                Thread.currentThread().join();
            }
        }

        /** @throws IllegalArgumentException when something is missing or no URL */
        public Worker build() {
            if (slots < 1) {
                throw new IllegalArgumentException("expected at least 1 slot, but was " + slots);
            }
            List<Object> needed = java.util.Arrays.asList(baseUrl, secretKey, task, version, agent);
            if (needed.stream().anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException(
                        "expected baseUrl, secretKey, task, version and agent to be set, but one of them is not");
            }
            if (!HttpCalls.isUrl(baseUrl)) {
                throw new IllegalArgumentException(
                        "expected the base URL of the gateway to be like http://host:port, but was '"
                                + baseUrl + "': name the scheme and the host");
            }
            return new Worker(this);
        }
    }
}
