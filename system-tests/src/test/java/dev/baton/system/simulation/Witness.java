package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.baton.ingress.log.ChannelReader;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.WaitRow;

/**
 * Compares what clients, workers and readers are told with what was committed. Each method is one invariant: it fails the
 * schedule at once.
 */
final class Witness {
    private final World world;
    private final Expect expect;
    private final Map<String, String> workerByRun = new HashMap<>();
    private final List<Execution> executions = new ArrayList<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Map<String, String> successors = new HashMap<>();
    private Truth truth;

    /** A run at work, as long as its worker lives. */
    private record Execution(AgentRun run, RunWorker worker, int life) {
        private boolean goesOn() {
            return worker.up() && worker.life() == life;
        }
    }

    Witness(World world) {
        this.world = world;
        this.expect = new Expect(world);
    }

    Truth truth() {
        if (truth == null) {
            truth = new Truth(world);
        }
        return truth;
    }

    private Truth.OfSession now(SessionKey key) {
        truth().advance();
        return truth.of(key);
    }

    /** A 200 means: stored, in order, and under this seq. No answer comes from a decision that was not committed. */
    void acknowledged(SessionKey key, String message, long seq) {
        String stored = now(key).in().messageAt(seq);
        expect.that(message.equals(stored), "%s to be at seq %d of %s as its client was told, but there is %s", message,
                seq, key, stored);
    }

    /** A run wakes with the record that comes next, and that record is there. */
    void woken(SessionKey key, long after, WaitRow row) {
        now(key);
        expect.that(row.seq() == after + 1 && row.seq() < truth.of(key).in().size(),
                "%s to wake with the record after %d of %s, but it was %d", row.waitpointId(), after, key, row.seq());
    }

    /** A run is swapped once, however often it asks. */
    void swapped(String callingRunId, String successor) {
        String before = successors.putIfAbsent(callingRunId, successor);
        expect.that(before == null, "%s to be swapped once, but it was for %s and for %s", callingRunId, before,
                successor);
    }

    /** A client asks for the end of a run. */
    void cancels(String runId) {
        cancelled.add(runId);
    }

    boolean cancelAsked(String runId) {
        return cancelled.contains(runId);
    }

    /** One worker executes a run, and only a run that a committed decision has asked for. */
    void started(AgentRun run, RunWorker worker) {
        String before = workerByRun.putIfAbsent(run.runId(), worker.workerId());
        expect.that(before == null || before.equals(worker.workerId()),
                "one worker to execute %s, but both %s and %s do",
                run.runId(), before, worker.workerId());
        expect.that(now(run.key()).provenance().knows(run.runId()), "%s to have a row before it starts", run.runId());
        world.note("%s starts at %s", run.runId(), worker.workerId());
        executions.add(new Execution(run, worker, worker.life()));
    }

    void stopped(AgentRun run) {
        executions.removeIf(execution -> execution.run() == run);
    }

    /** At most one live generation per session can write: the one whose fence is the newest. */
    void oneWriterPerSession() {
        executions.removeIf(execution -> !execution.goesOn());
        for (Execution execution : executions) {
            AgentRun run = execution.run();
            long level = truth.of(run.key()).out().level();
            expect.that(run.writer().generation() <= level,
                    "generation %d of %s to be fenced before it works, but the newest fence is %d",
                    run.writer().generation(), run.key(), level);
        }
    }

    /** An ingress that knows of a hand-over takes nothing from the run before it. */
    void taken(Writer writer, Optional<SessionRow> known) {
        long owner = known.map(SessionRow::generation).orElse(0L);
        expect.that(writer.generation() >= owner, "a write of generation %d to be refused by an ingress that knows of"
                + " generation %d, but it was taken", writer.generation(), owner);
    }

    /** A stream brings what follows on the cursor, without gaps and without what a fenced run has written. */
    void delivered(ChannelReader.Target target, long afterSeq, List<StoredRecord> records) {
        now(target.key());
        List<Long> expected = expected(target, afterSeq);
        List<Long> seqs = records.stream().map(StoredRecord::seq).toList();
        expect.that(seqs.size() <= expected.size() && seqs.equals(expected.subList(0, seqs.size())),
                "%s of %s to go on after %d with %s, but a reader got %s", target.channel(), target.key(), afterSeq,
                expected, seqs);
    }

    /** A read that waits for nothing brings all of it. */
    void read(ChannelReader.Target target, long afterSeq, List<StoredRecord> records) {
        now(target.key());
        List<Long> expected = expected(target, afterSeq);
        List<Long> seqs = records.stream().map(StoredRecord::seq).toList();
        expect.that(seqs.equals(expected), "%s of %s to have %s after %d, but a reader got %s", target.channel(),
                target.key(),
                expected, afterSeq, seqs);
    }

    /** From the floor on that the ingress knew when it was asked. */
    private List<Long> expected(ChannelReader.Target target, long afterSeq) {
        SessionKey key = target.key();
        long stableEnd = world.broker().partitionOf(target.channel().topic(), key.toString()).stableEnd();
        long floor = target.extent() == null ? 0 : target.extent().floorOutSeq();
        Truth.OfSession session = truth.of(key);
        return switch (target.channel()) {
            case IN -> session.in().seqsAfter(afterSeq, stableEnd);
            case OUT -> session.out().seqsAfter(Math.max(afterSeq, floor - 1), stableEnd);
        };
    }
}
