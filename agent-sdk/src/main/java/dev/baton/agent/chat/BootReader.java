package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.agent.AgentRun;
import dev.baton.agent.http.BackOff;
import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.SessionClient;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.history.ConversationFold;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.worker.DequeuedRun;

/**
 * Rebuilds the conversation for a run that is not the first (contract §6.1, features #176–#187): snapshot, then the
 * complete turns of the {@code .out} tail with the {@code .in} records they consumed, then what is left over: the
 * partial answer of a run that died, and the messages nobody has answered.
 */
final class BootReader {
    private static final Logger LOG = LoggerFactory.getLogger(BootReader.class);
    /**
     * The message a session was created with is on no channel that a run can read, only in the first snapshot. When a
     * turn is complete and there is no snapshot yet, the snapshotter is that far behind: worth this wait.
     */
    private static final Duration SNAPSHOT_LAG_MAX = Duration.ofSeconds(5);

    private final DequeuedRun run;
    private final SessionClient session;
    private Optional<Snapshot> snapshot = Optional.empty();
    private List<LogRecord> outTail = List.of();

    private BootReader(AgentRun run) {
        this.run = run.assignment();
        this.session = run.session();
    }

    static Boot read(AgentRun run) throws InterruptedException {
        Optional<InEntry.Message> first = InEntry.ofPayload(run.assignment().payload());
        boolean continuation = run.assignment().payload().tree().path("continuation").asBoolean();
        if (run.assignment().attempt() == 1 && !continuation) {
            return new Boot(new ConversationFold(List.of()), first.stream().toList(), Optional.empty(),
                    SessionClient.FROM_START, SessionClient.FROM_START);
        }
        return new BootReader(run).recover(first);
    }

    private Boot recover(Optional<InEntry.Message> first) throws InterruptedException {
        readOut();
        long inCursor = snapshot.map(Snapshot::lastInSeq).orElse(SessionClient.FROM_START);
        Deque<InEntry> inTail = new ArrayDeque<>();
        for (LogRecord record : session.records(Channel.IN, inCursor)) {
            inTail.add(InEntry.of(record));
        }
        long lastInSeq = inTail.isEmpty() ? inCursor : inTail.getLast().seq();

        ConversationFold fold = new ConversationFold(snapshot.map(Snapshot::messages).orElse(List.of()));
        List<JsonNode> partial = foldCompleteTurns(fold, inTail, inCursor);
        List<InEntry.Message> waiting = waiting(fold, first, inTail);
        Optional<Boot.Interrupted> interrupted = resume(fold, partial, waiting);
        LOG.atInfo().addKeyValue("sessionId", run.sessionId()).addKeyValue("runId", run.runId())
                .addKeyValue("generation", run.generation()).addKeyValue("snapshot", snapshot.isPresent())
                .addKeyValue("waiting", waiting.size()).addKeyValue("interrupted", interrupted.isPresent())
                .log("conversation recovered");
        return new Boot(fold, waiting, interrupted, lastInSeq, lastOutSeq());
    }

    private void readOut() throws InterruptedException {
        BackOff backOff = new BackOff(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMillis(20));
        long deadlineNanos = System.nanoTime() + SNAPSHOT_LAG_MAX.toNanos();
        readOutOnce();
        while (snapshot.isEmpty() && outTail.stream().anyMatch(BootReader::completesTurn)) {
            if (System.nanoTime() > deadlineNanos) {
                LOG.atWarn().addKeyValue("sessionId", run.sessionId()).addKeyValue("runId", run.runId())
                        .log("no snapshot of a session with complete turns, going on with the tail");
                return;
            }
            backOff.pause();
            readOutOnce();
        }
    }

    private void readOutOnce() throws InterruptedException {
        snapshot = session.snapshot();
        outTail = session.records(Channel.OUT, snapshot.map(Snapshot::lastOutSeq).orElse(SessionClient.FROM_START));
    }

    private long lastOutSeq() {
        return outTail.isEmpty()
                ? snapshot.map(Snapshot::lastOutSeq).orElse(SessionClient.FROM_START)
                : outTail.getLast().seq();
    }

    private static boolean completesTurn(LogRecord record) {
        return record.isControl(ChannelRecord.TURN_COMPLETE);
    }

    /**
     * Folds every turn that has its turn-complete; takes the records it consumed out of the {@code .in} tail.
     *
     * @return the chunks after the last turn-complete
     */
    private List<JsonNode> foldCompleteTurns(ConversationFold fold, Deque<InEntry> inTail, long inCursor) {
        List<JsonNode> chunks = new ArrayList<>();
        long consumed = inCursor;
        for (LogRecord record : outTail) {
            if (completesTurn(record)) {
                consumed = Math.max(consumed, consumedSeq(record));
                consume(fold, inTail, consumed);
                chunks.forEach(fold::chunk);
                fold.completeTurn();
                chunks.clear();
            } else if (record.data().isObject()) {
                chunks.add(record.data());
            }
        }
        return chunks;
    }

    /** What the turn-complete says it consumed; absent or unreadable says nothing. */
    private static long consumedSeq(LogRecord turnComplete) {
        return turnComplete.header(ChannelRecord.SESSION_IN_EVENT_ID).filter(seq -> seq.matches("\\d{1,18}"))
                .map(Long::parseLong).orElse(SessionClient.FROM_START);
    }

    private static void consume(ConversationFold fold, Deque<InEntry> inTail, long upToSeq) {
        while (!inTail.isEmpty() && inTail.peek().seq() <= upToSeq) {
            if (inTail.poll() instanceof InEntry.Message message) {
                fold.input(message.data());
            }
        }
    }

    /** Nothing is answered twice: a message that came in the payload and was settled may be on the channel as well. */
    private static List<InEntry.Message> waiting(ConversationFold fold, Optional<InEntry.Message> first,
            Deque<InEntry> inTail) {
        History history = new History(fold.messages());
        List<InEntry.Message> waiting = new ArrayList<>(first.stream().toList());
        inTail.stream().filter(InEntry.Message.class::isInstance).map(InEntry.Message.class::cast)
                .forEach(waiting::add);
        waiting.removeIf(message -> message.trigger() == InEntry.Trigger.SUBMIT
                && history.answered(message.messageId()));
        return waiting;
    }

    /** Finds the message that the partial answer belongs to and puts it first. */
    private Optional<Boot.Interrupted> resume(ConversationFold fold, List<JsonNode> chunks,
            List<InEntry.Message> waiting) {
        Optional<String> answerId = chunks.stream().filter(chunk -> chunk.path("type").asText().equals("start"))
                .map(chunk -> chunk.path("messageId").asText()).reduce((_, later) -> later);
        Optional<InEntry.Message> message = answerId.flatMap(id -> owner(id, waiting));
        if (answerId.isEmpty() || message.isEmpty()) {
            return Optional.empty();
        }
        waiting.remove(message.get());
        waiting.addFirst(message.get());
        fold.input(message.get().data());
        chunks.forEach(fold::chunk);
        fold.fence();
        return Optional.of(new Boot.Interrupted(message.get(), answerId.get(), openTextParts(chunks)));
    }

    /** Answers of this runtime name their message by their id; one of another agent belongs to the first that waits. */
    private Optional<InEntry.Message> owner(String answerId, List<InEntry.Message> waiting) {
        List<InEntry.Message> answerable = waiting.stream().filter(
                message -> message.trigger() == InEntry.Trigger.SUBMIT
                        || message.trigger() == InEntry.Trigger.REGENERATE)
                .toList();
        return answerable.stream().filter(message -> message.answerId(run.sessionId()).equals(answerId)).findFirst()
                .or(() -> answerable.stream().findFirst());
    }

    private static List<String> openTextParts(List<JsonNode> chunks) {
        List<String> open = new ArrayList<>();
        for (JsonNode chunk : chunks) {
            String id = chunk.path("id").asText();
            switch (chunk.path("type").asText()) {
                case "text-start" -> open.add(id);
                case "text-end" -> open.remove(id);
                // Chunk types are open-ended; only these two open and close a text.
                default -> {
                }
            }
        }
        return List.copyOf(open);
    }
}
