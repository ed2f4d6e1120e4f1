package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

import dev.baton.run.domain.RunAssignment;
import dev.baton.run.domain.RunAssignment.AnswerStart;
import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunAssignment.CancelRun;
import dev.baton.run.domain.RunReport;
import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.session.RunOutcome;

/**
 * One worker gateway without its threads. It does what {@code WorkerGateway} does and decides as little: polls and starts
 * wait for the topology, a run is handed over behind its fence, and all of it is forgotten with the process.
 */
final class Gateway extends SimulatedProcess {
    private static final long ANNOUNCE_MS = 1_000;
    private static final long START_PATIENCE_MS = 10_000;
    private static final long FENCE_UNKNOWN = -1;
    private static final int SKEW_MS = 300;
    private static final int ASSIGNMENT_LAG_MS = 3;

    private final Map<String, OpenPoll> polls = new LinkedHashMap<>();
    private final Map<Attempt, Consumer<Boolean>> starts = new LinkedHashMap<>();
    private final Map<Attempt, Long> fenceSeqs = new LinkedHashMap<>();
    private final Set<CancelRun> cancels = new HashSet<>();
    private String gatewayId;
    private int pollCount;

    Gateway(World world, String name) {
        super(world, name, world.chance().between(-SKEW_MS, SKEW_MS));
    }

    /** A run as its worker gets it. */
    record HandedRun(StartRun request, int attempt) {}

    private record Attempt(String runId, int attempt, String workerId) {}

    private record OpenPoll(RunReport.Poll poll, List<AssignRun> received, SimulatedProcess worker,
            Consumer<List<HandedRun>> answer) {}

    @Override
    protected void begin() {
        polls.clear();
        starts.clear();
        fenceSeqs.clear();
        cancels.clear();
        gatewayId = name() + '.' + life();
        for (LogPartition partition : world.broker().topic(Names.RUN_ASSIGNMENTS_TOPIC)) {
            world.broker().follow(this, new LogReader(partition, partition.stableEnd()), ASSIGNMENT_LAG_MS,
                    found -> found.stream().filter(entry -> entry.key().equals(gatewayId))
                            .forEach(entry -> receive((RunAssignment) entry.value())));
        }
        announce();
    }

    private void announce() {
        if (!polls.isEmpty()) {
            report(new RunReport.PollsOpen(gatewayId, polls.values().stream().map(OpenPoll::poll).toList()), () -> {});
        }
        after(ANNOUNCE_MS, this::announce);
    }

    private void report(RunReport report, Runnable acknowledged) {
        world.broker().send(this, world.broker().partitionOf(Names.RUN_REPORTS_TOPIC, SimulatedChat.QUEUE),
                SimulatedChat.QUEUE, report, new RecordHeaders(), _ -> acknowledged.run());
    }

    /** A worker waits for runs. */
    void dequeue(SimulatedProcess worker, String workerId, String version, int slots, long waitMs,
            Consumer<List<HandedRun>> answer) {
        RunReport.Poll poll = new RunReport.Poll("poll-" + gatewayId + '-' + pollCount++, workerId, version, slots);
        OpenPoll open = new OpenPoll(poll, new ArrayList<>(), worker, answer);
        polls.put(poll.pollId(), open);
        report(new RunReport.PollsOpen(gatewayId, List.of(poll)), () -> {});
        after(waitMs, () -> {
            if (polls.remove(poll.pollId()) != null) {
                close(open);
            }
        });
    }

    private void close(OpenPoll open) {
        if (open.received().isEmpty()) {
            report(new RunReport.PollEnded(gatewayId, open.poll().pollId()), () -> {});
            open.answer().accept(List.of());
        } else if (world.network().lost(this, open.worker())) {
            open.received().forEach(this::sendBack);
        } else {
            fence(open);
        }
    }

    /** The worker gets its runs when all their fences are in the log. */
    private void fence(OpenPoll open) {
        List<HandedRun> handed = new ArrayList<>();
        for (AssignRun assignment : open.received()) {
            StartRun request = assignment.request();
            Writer successor = new Writer(request.generation(), request.runId());
            ProducerRecord<byte[], byte[]> fence = ChannelRecordCodec.fenceRecord(request.sessionKey(), successor);
            String key = request.sessionKey().toString();
            world.broker().send(this, world.broker().partitionOf(fence.topic(), key), key, fence.value(),
                    fence.headers(), offset -> {
                        String workerId = open.poll().workerId();
                        fenceSeqs.put(new Attempt(request.runId(), assignment.attempt(), workerId), offset);
                        cancels.remove(new CancelRun(request.runId(), workerId));
                        handed.add(new HandedRun(request, assignment.attempt()));
                        if (handed.size() == open.received().size()) {
                            world.note("%s hands %s to %s", gatewayId, request.runId(), workerId);
                            open.answer().accept(List.copyOf(handed));
                        }
                    });
        }
    }

    private void sendBack(AssignRun assignment) {
        report(new RunReport.AssignmentReturned(assignment.runId(), assignment.dispatch()), () -> {});
    }

    private void receive(RunAssignment assignment) {
        switch (assignment) {
            case AssignRun run -> {
                OpenPoll open = polls.get(run.pollId());
                if (open == null) {
                    sendBack(run);
                    return;
                }
                open.received().add(run);
                if (open.received().size() >= run.batch()) {
                    polls.remove(run.pollId());
                    close(open);
                }
            }
            case AnswerStart answer -> {
                Consumer<Boolean> waiting = starts
                        .remove(new Attempt(answer.runId(), answer.attempt(), answer.workerId()));
                if (waiting != null) {
                    waiting.accept(answer.accepted());
                }
            }
            case CancelRun cancel -> cancels.add(cancel);
            case RunAssignment.DrainWorker _ -> {
                // All workers of the simulation are of the current version.
            }
        }
    }

    /** Whether the worker may execute the attempt; null when that was not decided in time. */
    void start(String workerId, HandedRun run, Consumer<Boolean> answer) {
        Attempt attempt = new Attempt(run.request().runId(), run.attempt(), workerId);
        Consumer<Boolean> before = starts.get(attempt);
        starts.put(attempt, before == null ? answer : before.andThen(answer));
        report(new RunReport.RunStartReported(gatewayId, attempt.runId(), attempt.attempt(), workerId,
                fenceSeqs.getOrDefault(attempt, FENCE_UNKNOWN)), () -> {});
        after(START_PATIENCE_MS, () -> {
            Consumer<Boolean> waiting = starts.remove(attempt);
            if (waiting != null) {
                waiting.accept(null);
            }
        });
    }

    /** Answers which of the runs are to be stopped. */
    void heartbeat(String workerId, String version, List<String> runIds, Consumer<List<String>> answer) {
        report(new RunReport.WorkerBeat(gatewayId, workerId, version, runIds), () -> answer
                .accept(runIds.stream().filter(runId -> cancels.remove(new CancelRun(runId, workerId))).toList()));
    }

    void complete(String workerId, HandedRun run, RunOutcome outcome, Long settledInSeq, boolean firstTurnSettled,
            Consumer<Boolean> answer) {
        report(new RunReport.RunEndReported(run.request().runId(), run.attempt(), workerId, outcome, settledInSeq,
                firstTurnSettled, null), () -> answer.accept(true));
    }
}
