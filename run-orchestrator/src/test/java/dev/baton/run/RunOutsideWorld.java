package dev.baton.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import dev.baton.run.RestartableDriver.Output;
import dev.baton.run.domain.RunAssignment;
import dev.baton.run.domain.RunReport;
import dev.baton.wire.Names;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.TriggerConfig;

/**
 * Sessions, gateways and workers of one task, drawn from a seed: what they tell the topology, and what they remember of
 * what it told them. Gateways and workers repeat what the topology keeps in memory only, as the real ones do.
 */
final class RunOutsideWorld {
    static final String QUEUE = "env_dev/echo";
    private static final int WORKERS = 4;
    private static final String USUAL_VERSION = "v1";
    private static final int OTHER_VERSIONS = 3;
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final RandomGenerator random;
    private final RunTopologies topologies;
    private final List<Worker> workers = new ArrayList<>();
    /** Polls that wait, oldest first, by id. */
    private final Map<String, RunReport.Poll> polls = new LinkedHashMap<>();
    private final List<String> requested = new ArrayList<>();
    private final List<RunReport> sent = new ArrayList<>();
    /** Who asked with the polls that were answered, by poll. */
    private final Map<String, String> answered = new HashMap<>();
    /** Workers that have dropped runs since their last heartbeat. */
    private final Set<Worker> lighter = new LinkedHashSet<>();
    private int pollsOpened;

    /** A process that executes runs, and what it believes to hold. */
    private final class Worker {
        private final String id;
        private final String gatewayId;
        private final Set<String> holds = new TreeSet<>();
        private final Set<String> waiting = new TreeSet<>();
        private String version = USUAL_VERSION;
        private int capacity;

        private Worker(int number) {
            id = "worker-" + number;
            gatewayId = "gateway-" + number % 2;
        }

        private void drop(String runId) {
            waiting.remove(runId);
            if (holds.remove(runId)) {
                lighter.add(this);
            }
        }
    }

    RunOutsideWorld(long seed, RunTopologies topologies) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.topologies = topologies;
        for (int i = 0; i < WORKERS; i++) {
            workers.add(new Worker(i));
        }
    }

    /** Everybody says again what only memory holds: registrations, heartbeats, polls. */
    void repeatsItself() {
        workers.forEach(worker -> {
            if (worker.capacity > 0) {
                report(registration(worker, null, false));
            }
            beat(worker);
        });
        announce();
        tellsWhatIsGone();
    }

    /** @return what was done, for failures */
    String acts() {
        String act = act();
        tellsWhatIsGone();
        return act;
    }

    /**
     * A run that vanishes while the topology is down is noticed one heartbeat later than one that vanishes while it is up,
     * since it must have been seen before it can be missed. That difference is meant; here every step ends without it.
     */
    private void tellsWhatIsGone() {
        while (!lighter.isEmpty()) {
            beat(lighter.iterator().next());
        }
    }

    private String act() {
        return switch (random.nextInt(18)) {
            case 0, 1, 2 -> request();
            case 3, 4 -> poll();
            case 5, 6, 7 -> start();
            case 8 -> end();
            case 9, 10, 16 -> beatOtherwise();
            case 11 -> withdraw();
            case 12 -> giveBack();
            case 13 -> register();
            case 14 -> repeat();
            case 15 -> withdraw();
            case 17 -> passes(Duration.ofSeconds(1 + random.nextInt(12)),
                    random.nextInt(3) == 0 ? any(workers).id : null);
            default -> throw new IllegalStateException("no such act");
        };
    }

    private String request() {
        String runId = "run_" + requested.size();
        requested.add(runId);
        long delayMs = random.nextInt(4) == 0 ? 3_000 : 0;
        boolean pinned = random.nextInt(5) == 0;
        TriggerConfig config = new TriggerConfig(null, null, random.nextBoolean() ? "slow" : null, null, null,
                random.nextInt(3) == 0 ? 15 : null, pinned ? version() : null, null, null, null,
                random.nextInt(3) == 0 ? "key-" + random.nextInt(2) : null, null,
                random.nextInt(3) == 0 ? new Json("\"40s\"") : null);
        hear(topologies.requests(new RunRequest.StartRun(runId, session(runId), "session_" + runId, "echo", 1,
                RunReason.INITIAL, null, new Json("{\"n\":" + requested.size() + "}"), config, null,
                topologies.nowMs(), topologies.nowMs() + delayMs)));
        return "request " + runId;
    }

    private static SessionKey session(String runId) {
        return new SessionKey("env_dev", "chat-of-" + runId);
    }

    private String poll() {
        Worker worker = any(workers);
        RunReport.Poll poll = new RunReport.Poll("poll-" + pollsOpened++, worker.id, worker.version,
                1 + random.nextInt(3));
        polls.put(poll.pollId(), poll);
        report(new RunReport.PollsOpen(worker.gatewayId, List.of(poll)));
        return "poll of " + worker.id;
    }

    private String start() {
        Worker worker = holder();
        if (worker.holds.isEmpty()) {
            return poll();
        }
        String runId = any(List.copyOf(worker.holds));
        report(new RunReport.RunStartReported(worker.gatewayId, runId, 1, worker.id, random.nextInt(100)));
        return "start of " + runId;
    }

    private String end() {
        Worker worker = holder();
        if (worker.holds.isEmpty()) {
            return poll();
        }
        String runId = any(List.copyOf(worker.holds));
        RunOutcome outcome = any(List.of(RunOutcome.COMPLETED, RunOutcome.FAILED, RunOutcome.CANCELLED));
        worker.drop(runId);
        report(new RunReport.RunEndReported(runId, 1, worker.id, outcome, 4L, true, null));
        return "end of " + runId;
    }

    /** A heartbeat in which something is different from before: runs wait, go on, or are missing. */
    private String beatOtherwise() {
        Worker worker = holder();
        List.copyOf(worker.holds).forEach(runId -> {
            switch (random.nextInt(8)) {
                case 0 -> worker.drop(runId);
                case 1, 2 -> worker.waiting.remove(runId);
                default -> worker.waiting.add(runId);
            }
        });
        beat(worker);
        return "other heartbeat of " + worker.id;
    }

    private String withdraw() {
        if (requested.isEmpty()) {
            return request();
        }
        List<String> held = List.copyOf(holder().holds);
        String runId = any(held.isEmpty() || random.nextBoolean() ? requested : held);
        hear(topologies.requests(new RunRequest.WithdrawRun(runId, session(runId), topologies.nowMs())));
        return "withdrawal of " + runId;
    }

    private String giveBack() {
        Worker worker = holder();
        if (worker.holds.isEmpty()) {
            return request();
        }
        String runId = any(List.copyOf(worker.holds));
        worker.drop(runId);
        report(new RunReport.AssignmentReturned(runId, 1 + random.nextInt(2)));
        return "return of " + runId;
    }

    private String register() {
        Worker worker = any(workers);
        worker.version = version();
        worker.capacity = 1 + random.nextInt(4);
        for (RunReport.Poll poll : List.copyOf(polls.values())) {
            if (poll.workerId().equals(worker.id) && polls.remove(poll.pollId()) != null) {
                report(new RunReport.PollEnded(worker.gatewayId, poll.pollId()));
            }
        }
        report(registration(worker, random.nextBoolean() ? Map.of("slow", 1 + random.nextInt(3)) : null,
                random.nextBoolean()));
        if (random.nextInt(3) == 0) {
            report(new RunReport.VersionPromoted(version()));
        }
        return "registration of " + worker.id;
    }

    private static RunReport registration(Worker worker, Map<String, Integer> limits, boolean promote) {
        return new RunReport.WorkerRegistered(worker.gatewayId, worker.id, worker.version, worker.capacity, limits,
                promote);
    }

    private String repeat() {
        List<RunReport> repeatable = sent.stream().filter(RunOutsideWorld::mayComeLate).toList();
        if (repeatable.isEmpty()) {
            return poll();
        }
        RunReport again = any(repeatable);
        hear(topologies.reports(again));
        return "once more " + again;
    }

    /** What the memory of the topology keeps is repeated by {@link #repeatsItself} only, in the same way for both. */
    private static boolean mayComeLate(RunReport report) {
        return switch (report) {
            case RunReport.RunStartReported _,RunReport.RunEndReported _,RunReport.AssignmentReturned _,RunReport.VersionPromoted _ ->
                true;
            case RunReport.PollsOpen _,RunReport.PollEnded _,RunReport.WorkerBeat _,RunReport.WorkerRegistered _ ->
                false;
        };
    }

    /** @param silent a worker that is not heard meanwhile, null for none */
    String passes(Duration time, String silent) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(BEAT)) {
            hear(topologies.passes(BEAT));
            workers.stream().filter(worker -> !worker.id.equals(silent)).forEach(this::beat);
            announce();
        }
        return time + " without " + silent;
    }

    /** Every session takes its run back, workers obey, and time passes until nobody can be waited for any more. */
    void endsEverything() {
        requested.forEach(runId -> hear(topologies.requests(
                new RunRequest.WithdrawRun(runId, session(runId), topologies.nowMs()))));
        passes(RunTopologies.LIMITS.stopGrace().plus(BEAT), null);
    }

    private void beat(Worker worker) {
        lighter.remove(worker);
        report(new RunReport.WorkerBeat(worker.gatewayId, worker.id, worker.version, List.copyOf(worker.holds),
                List.copyOf(worker.waiting)));
    }

    /** One by one in the order of their age, which is the order in which they are served. */
    private void announce() {
        List.copyOf(polls.values()).stream().filter(poll -> polls.containsKey(poll.pollId()))
                .forEach(poll -> report(new RunReport.PollsOpen(worker(poll.workerId()).gatewayId, List.of(poll))));
    }

    private void report(RunReport report) {
        sent.add(report);
        hear(topologies.reports(report));
    }

    private void hear(List<Output> outputs) {
        for (Output output : outputs) {
            if (output.topic().equals(Names.RUN_ASSIGNMENTS_TOPIC)) {
                hear(WireJson.read(output.value(), RunAssignment.class));
            }
        }
    }

    private void hear(RunAssignment assignment) {
        switch (assignment) {
            case RunAssignment.AssignRun assign -> {
                RunReport.Poll poll = polls.remove(assign.pollId());
                if (poll != null) {
                    answered.put(assign.pollId(), poll.workerId());
                }
                // Some assignments are lost on their way.
                if (random.nextInt(6) > 0) {
                    worker(answered.get(assign.pollId())).holds.add(assign.runId());
                }
            }
            case RunAssignment.AnswerStart answer when !answer.accepted() -> worker(answer.workerId())
                    .drop(answer.runId());
            case RunAssignment.CancelRun cancel -> {
                // Most agents do not listen at once.
                if (random.nextInt(6) == 0) {
                    worker(cancel.workerId()).drop(cancel.runId());
                }
            }
            case RunAssignment.AnswerStart _,RunAssignment.DrainWorker _ -> {
            }
        }
    }

    /** Mostly the one, so that runs find workers. */
    private String version() {
        return random.nextInt(4) == 0 ? "v" + random.nextInt(OTHER_VERSIONS) : USUAL_VERSION;
    }

    /** A worker that holds a run, if there is one. */
    private Worker holder() {
        List<Worker> holders = workers.stream().filter(worker -> !worker.holds.isEmpty()).toList();
        return any(holders.isEmpty() ? workers : holders);
    }

    private Worker worker(String id) {
        return workers.stream().filter(each -> each.id.equals(id)).findFirst().orElseThrow();
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
