package dev.baton.system.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;

/**
 * An honest agent in one run: boots from the channels, answers what waits, follows {@code .in}, leaves when nothing comes.
 * In bad weather it crashes, hangs, fails, hands over or leaves early; it never claims to have done what it has not.
 */
final class AgentRun {
    private static final long PATIENCE_MS = 10_000;
    private static final long QUIET_PATIENCE_MS = 500;
    private static final long CALL_MS = 2_000;
    private static final long RETRY_MS = 150;
    private static final long THINKING_MS = 120;
    private static final long SLOW_MS = 2_500;
    /** How often a chunk has a record on the side channel before it. */
    private static final int SIDE_ONE_IN = 6;

    private final World world;
    private final RunWorker worker;
    private final Gateway.HandedRun handed;
    private final Writer writer;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Conversation history = new Conversation();
    private final long idleMs;
    private long lastSeq = -1;
    private long quietSinceMs;
    private int turns;
    private boolean firstTurnSettled;
    private boolean started;
    private boolean busy;
    private boolean leaving;
    private boolean hangs;
    private boolean over;
    private EventStream in;

    AgentRun(World world, RunWorker worker, Gateway.HandedRun handed) {
        this.world = world;
        this.worker = worker;
        this.handed = handed;
        this.writer = new Writer(handed.request().generation(), handed.request().runId());
        this.idleMs = world.chance().between(100, 3_000);
    }

    String runId() {
        return writer.runId();
    }

    Writer writer() {
        return writer;
    }

    SessionKey key() {
        return handed.request().sessionKey();
    }

    void begin() {
        retry(PATIENCE_MS, this::askToStart, this::vanish);
    }

    /** A repeated attempt of something that may fail; {@code done} says that no more is needed. */
    private interface Step {
        void attempt(Runnable again);
    }

    private void retry(long patienceMs, Step step, Runnable givenUp) {
        long deadlineMs = world.time().nowMs() + patienceMs;
        attempt(deadlineMs, step, givenUp);
    }

    private void attempt(long deadlineMs, Step step, Runnable givenUp) {
        if (over) {
            return;
        }
        if (world.time().nowMs() > deadlineMs) {
            givenUp.run();
            return;
        }
        step.attempt(() -> worker.after(RETRY_MS, () -> attempt(deadlineMs, step, givenUp)));
    }

    private void askToStart(Runnable again) {
        Gateway gateway = worker.landscape().anyGateway();
        world.network().<Boolean>call(worker, gateway, CALL_MS,
                answer -> gateway.start(worker.workerId(), handed, answer), accepted -> {
                    if (over) {
                        return;
                    }
                    if (accepted == null) {
                        again.run();
                    } else if (accepted) {
                        started = true;
                        world.witness().started(this, worker);
                        boot();
                    } else {
                        vanish();
                    }
                });
    }

    private void boot() {
        String payload = handed.request().payload().text();
        if (handed.attempt() == 1 && !payload.contains("\"continuation\":true")) {
            Entry first = Entry.ofPayload(payload);
            if (first != null) {
                waiting.add(first);
            }
            follow();
            return;
        }
        read(Channel.OUT, -1, out -> {
            out.forEach(history::read);
            history.add(worker.landscape().shelf().kept(key()));
            lastSeq = history.consumed();
            read(Channel.IN, lastSeq, found -> {
                found.forEach(this::take);
                follow();
            });
        });
    }

    private void read(Channel channel, long afterSeq, Consumer<List<StoredRecord>> receiver) {
        retry(PATIENCE_MS, again -> {
            Ingress ingress = worker.landscape().anyIngress();
            world.network().<List<StoredRecord>>call(worker, ingress, CALL_MS,
                    answer -> ingress.read(channel, key(), afterSeq, answer), found -> {
                        if (over) {
                            return;
                        }
                        if (found == null) {
                            again.run();
                        } else {
                            receiver.accept(found);
                        }
                    });
        }, this::vanish);
    }

    private void follow() {
        in = new EventStream(world, worker, worker.landscape(), Channel.IN, key(), lastSeq, entries -> {
            if (!over) {
                entries.forEach(this::take);
                next();
            }
        });
        quietSinceMs = world.time().nowMs();
        next();
    }

    private void take(StoredRecord stored) {
        waiting.add(Entry.of(stored));
        lastSeq = stored.seq();
    }

    /** Highest seq below which nothing waits any more, apart from what was taken last. */
    private long settledSeq() {
        return waiting.isEmpty() ? lastSeq : waiting.peek().seq() - 1;
    }

    private void next() {
        if (busy || over) {
            return;
        }
        Entry entry = waiting.poll();
        if (entry == null) {
            idle();
        } else if (entry.close()) {
            end(RunOutcome.COMPLETED, settledSeq());
        } else if (entry.message() == null || history.answered(entry.message())) {
            consumed(entry);
        } else {
            busy = true;
            worker.after(world.chance().around(THINKING_MS), () -> serve(entry));
        }
    }

    private void consumed(Entry entry) {
        firstTurnSettled |= entry.seq() < 0;
        busy = false;
        quietSinceMs = world.time().nowMs();
        next();
    }

    private void idle() {
        long wait = leaving ? 0 : quietSinceMs + idleMs - world.time().nowMs();
        if (wait <= 0) {
            end(RunOutcome.COMPLETED, settledSeq());
        } else {
            worker.after(wait, this::next);
        }
    }

    private void serve(Entry entry) {
        if (over) {
            return;
        }
        if (entry.poison()) {
            die(entry);
        } else if (world.weather().troublesAgent()) {
            misbehave(entry);
        } else {
            answer(entry);
        }
    }

    private void die(Entry entry) {
        switch (world.chance().below(3)) {
            case 0 -> {
                world.note("%s crashes before its answer", runId());
                vanish();
            }
            case 1 -> write(List.of(Conversation.chunk(entry.message(), runId(), turns)), () -> {
                world.note("%s crashes in the middle of its answer", runId());
                vanish();
            });
            default -> end(RunOutcome.FAILED, before(entry));
        }
    }

    private void misbehave(Entry entry) {
        switch (world.chance().below(7)) {
            case 0, 1, 4 -> die(entry);
            case 2, 3 -> handOver(entry);
            case 5 -> {
                world.note("%s hangs", runId());
                hangs = true;
            }
            default -> {
                leaving = true;
                answer(entry);
            }
        }
    }

    /** Some answers take longer than a lease: whoever loses it meanwhile goes on writing. */
    private void answer(Entry entry) {
        boolean slow = world.weather().stormy() && world.chance().oneIn(3);
        answer(entry, slow ? 2 + world.chance().below(6) : 1, slow ? SLOW_MS : THINKING_MS);
    }

    private void answer(Entry entry, int chunks, long thinkingMs) {
        Runnable next = () -> worker.after(world.chance().around(thinkingMs), () -> {
            if (chunks > 1) {
                answer(entry, chunks - 1, thinkingMs);
            } else {
                completeTurn(entry);
            }
        });
        Runnable speak = () -> write(List.of(Conversation.chunk(entry.message(), runId(), turns)), next);
        if (world.chance().oneIn(SIDE_ONE_IN)) {
            write(SimulatedChat.sideChannel(key()), List.of(Conversation.aside(key(), turns)),
                    speak);
        } else {
            speak.run();
        }
    }

    private void completeTurn(Entry entry) {
        write(List.of(Conversation.turnComplete(entry.message(), settledSeq())), () -> {
            world.note("%s has answered %s", runId(), entry.message());
            turns++;
            trim();
            consumed(entry);
        });
    }

    /** An agent that keeps its history itself needs no records of turns that are in there. */
    private void trim() {
        if (turns == 1 && history.lastTurnSeq() > 0 && worker.landscape().shelf().keep(key(), history)) {
            Ingress ingress = worker.landscape().anyIngress();
            world.network().<Integer>call(worker, ingress, CALL_MS,
                    answer -> ingress.trim(key(), writer, history.lastTurnSeq(), answer), _ -> {});
        }
    }

    private void write(List<ChannelRecord> records, Runnable stored) {
        write(key(), records, stored);
    }

    private void write(SessionKey channel, List<ChannelRecord> records, Runnable stored) {
        retry(PATIENCE_MS, again -> {
            Ingress ingress = worker.landscape().anyIngress();
            world.network().<Integer>call(worker, ingress, CALL_MS,
                    answer -> ingress.append(channel, records, writer, answer), status -> {
                        if (over) {
                            return;
                        }
                        if (status == null) {
                            again.run();
                        } else if (status == Ingress.OK) {
                            stored.run();
                        } else {
                            end(RunOutcome.CANCELLED, null);
                        }
                    });
        }, this::vanish);
    }

    /** What is settled while this one is not. */
    private static Long before(Entry entry) {
        return entry.seq() < 1 ? null : Long.valueOf(entry.seq() - 1);
    }

    private void handOver(Entry entry) {
        Long settled = before(entry);
        retry(PATIENCE_MS, again -> {
            Ingress ingress = worker.landscape().anyIngress();
            world.network().<SessionReply>call(worker, ingress, CALL_MS, answer -> ingress.ask(key(),
                    new SessionCommand.EndAndContinue(runId(), RunReason.UPGRADE, null), reply -> {
                        if (reply instanceof SessionReply.HandOverAnswered handOver && handOver.swapped()) {
                            world.witness().swapped(runId(), handOver.runId());
                        }
                        answer.accept(reply);
                    }), reply -> {
                        if (over) {
                            return;
                        }
                        if (reply == null) {
                            again.run();
                        } else {
                            end(RunOutcome.COMPLETED, settled);
                        }
                    });
        }, () -> end(RunOutcome.COMPLETED, settled));
    }

    /** Told to stop: its lease is gone or the session needs it no more. Who has not started has nothing to say. */
    void cancel() {
        if (started && !over) {
            end(RunOutcome.CANCELLED, null);
        } else if (!over) {
            vanish();
        }
    }

    private void end(RunOutcome outcome, Long settledSeq) {
        world.note("%s ends: %s, settled %s", runId(), outcome, settledSeq);
        close();
        Long settled = settledSeq == null || settledSeq < 0 ? null : settledSeq;
        complete(world.time().nowMs() + (outcome == RunOutcome.COMPLETED ? PATIENCE_MS : QUIET_PATIENCE_MS), outcome,
                settled);
    }

    private void complete(long deadlineMs, RunOutcome outcome, Long settled) {
        Gateway gateway = worker.landscape().anyGateway();
        world.network().<Boolean>call(worker, gateway, CALL_MS,
                answer -> gateway.complete(worker.workerId(), handed, outcome, settled, firstTurnSettled, answer),
                done -> {
                    if (done == null && world.time().nowMs() < deadlineMs) {
                        worker.after(RETRY_MS, () -> complete(deadlineMs, outcome, settled));
                    } else {
                        worker.release(this);
                    }
                });
    }

    /** Gone without a word: its worker's next heartbeat does not name it. */
    void vanish() {
        close();
        worker.release(this);
    }

    /** Nothing of it goes on. */
    void close() {
        over = true;
        if (in != null) {
            in.close();
        }
        world.witness().stopped(this);
    }

    /** Whoever hangs when the weather turns is killed. */
    void heal() {
        if (hangs && !over) {
            vanish();
        }
    }
}
