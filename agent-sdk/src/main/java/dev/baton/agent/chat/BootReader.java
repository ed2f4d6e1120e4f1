package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.agent.AgentRun;
import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.Session;
import dev.baton.agent.session.Session.Recovery;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.history.ConversationFold;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.history.TailFold;
import dev.baton.wire.worker.DequeuedRun;

/**
 * Rebuilds the conversation for a run that is not the first (contract §6.1, features #176–#187): snapshot, then the
 * complete turns of the {@code .out} tail with the {@code .in} records they consumed, then what is left over: the
 * partial answer of a run that died, and the messages nobody has answered.
 */
final class BootReader {
    private static final Logger LOG = LoggerFactory.getLogger(BootReader.class);

    private final DequeuedRun run;
    private final Session session;

    private BootReader(AgentRun run) {
        this.run = run.assignment();
        this.session = run.session();
    }

    /** @param keepsHistory whether the agent keeps the history itself, and wants none from here */
    static Boot read(AgentRun run, boolean keepsHistory) throws InterruptedException {
        if (keepsHistory) {
            run.session().keepHistory();
        }
        Optional<InEntry.Message> first = InEntry.ofPayload(run.assignment().payload());
        boolean continuation = run.assignment().payload().tree().path("continuation").asBoolean();
        if (run.assignment().attempt() == 1 && !continuation) {
            return new Boot(new ConversationFold(List.of()), first.stream().toList(), Optional.empty(),
                    Session.FROM_START, Session.FROM_START, false);
        }
        return new BootReader(run).recover(first, keepsHistory);
    }

    private Boot recover(Optional<InEntry.Message> first, boolean keepsHistory) throws InterruptedException {
        Recovery recovery = session.recovery(!keepsHistory);
        TailFold tail = new TailFold(recovery.snapshot());
        recovery.in().forEach(record -> tail.input(new TailFold.Input(record.seq(), record.data())));
        for (LogRecord record : recovery.out()) {
            tail.writtenBy(record.generation());
            if (completesTurn(record)) {
                tail.completeTurn(record.seq(),
                        Boundary.consumedInSeq(record.header(ChannelRecord.SESSION_IN_EVENT_ID)));
            } else {
                tail.chunk(record.data());
            }
        }
        List<InEntry.Message> waiting = waiting(tail, first);
        Optional<Boot.Interrupted> interrupted = resume(tail, waiting);
        LOG.atInfo().addKeyValue("sessionId", run.sessionId()).addKeyValue("runId", run.runId())
                .addKeyValue("generation", run.generation()).addKeyValue("snapshot", recovery.snapshot().isPresent())
                .addKeyValue("waiting", waiting.size()).addKeyValue("interrupted", interrupted.isPresent())
                .log("conversation recovered");
        return new Boot(tail.settled(), waiting, interrupted,
                newest(recovery.in(), recovery.snapshot().map(Snapshot::lastInSeq)),
                newest(recovery.out(), recovery.snapshot().map(Snapshot::lastOutSeq)), true);
    }

    private static long newest(List<LogRecord> tail, Optional<Long> ofSnapshot) {
        return tail.isEmpty() ? ofSnapshot.orElse(Session.FROM_START) : tail.getLast().seq();
    }

    private static boolean completesTurn(LogRecord record) {
        return record.isControl(ChannelRecord.TURN_COMPLETE);
    }

    /**
     * Nothing is answered twice: a message that came in the payload and was settled may be on the channel as well, and the one
     * a session was created with was appended once more for this run if nobody has answered it.
     */
    private static List<InEntry.Message> waiting(TailFold tail, Optional<InEntry.Message> first) {
        History history = new History(tail.settled().messages());
        List<InEntry.Message> waiting = new ArrayList<>(first.stream().toList());
        tail.waiting().stream().filter(input -> input.seq() != Snapshot.NO_SEQ)
                .map(input -> InEntry.of(input.seq(), input.data()))
                .filter(InEntry.Message.class::isInstance).map(InEntry.Message.class::cast).forEach(waiting::add);
        waiting.removeIf(message -> message.trigger() == Trigger.SUBMIT
                && history.answered(message.messageId()));
        return waiting;
    }

    /** Finds the message that the partial answer belongs to and puts it first. */
    private Optional<Boot.Interrupted> resume(TailFold tail, List<InEntry.Message> waiting) {
        List<JsonNode> chunks = tail.openChunks();
        Optional<String> answerId = chunks.stream().filter(chunk -> chunk.path("type").asText().equals("start"))
                .map(chunk -> chunk.path("messageId").asText()).reduce((_, later) -> later);
        Optional<InEntry.Message> message = answerId.flatMap(id -> owner(id, waiting));
        if (answerId.isEmpty() || message.isEmpty()) {
            return Optional.empty();
        }
        waiting.remove(message.get());
        waiting.addFirst(message.get());
        tail.settled().input(message.get().data());
        tail.replayOpen(tail.settled());
        tail.settled().fence();
        return Optional.of(new Boot.Interrupted(message.get(), answerId.get(), openParts(chunks)));
    }

    /** Answers of this runtime name their message by their id; one of another agent belongs to the first that waits. */
    private Optional<InEntry.Message> owner(String answerId, List<InEntry.Message> waiting) {
        List<InEntry.Message> answerable = waiting.stream().filter(
                message -> message.trigger() == Trigger.SUBMIT || message.trigger() == Trigger.REGENERATE
                        || message.trigger() == Trigger.ACTION)
                .toList();
        return answerable.stream().filter(message -> message.answerId(run.sessionId()).equals(answerId)).findFirst()
                .or(() -> answerable.stream().findFirst());
    }

    private static List<AnswerStream.OpenPart> openParts(List<JsonNode> chunks) {
        List<AnswerStream.OpenPart> open = new ArrayList<>();
        for (JsonNode chunk : chunks) {
            String type = chunk.path("type").asText();
            String kind = type.substring(0, Math.max(0, type.lastIndexOf('-')));
            AnswerStream.OpenPart part = new AnswerStream.OpenPart(kind, chunk.path("id").asText());
            switch (type) {
                case "text-start", "reasoning-start" -> open.add(part);
                case "text-end", "reasoning-end" -> open.remove(part);
                // Clients forget what is open when a step ends.
                case "finish-step" -> open.clear();
                // Chunk types are open-ended; only these open and close parts.
                default -> {
                }
            }
        }
        return List.copyOf(open);
    }
}
