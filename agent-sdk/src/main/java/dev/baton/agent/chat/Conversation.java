package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.session.OutSender;
import dev.baton.agent.session.OutgoingRecord;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.history.ConversationFold;
import dev.baton.wire.history.HistoryEdit;

/**
 * What a run has read and writes: every record goes to {@code .out} and into this run's own view of the conversation. If the
 * process dies, the successor reads the same from the channel. Used by the run's thread only.
 */
final class Conversation implements ChunkSink {
    /** Sibling of a turn-complete that ends the conversation (contract §6.2). */
    private static final String SESSION_CLOSED_REASON = "session-closed-reason";

    private final ConversationFold fold;
    private final OutSender out;
    /** Made in the turn that runs, and not written yet. */
    private final List<HistoryEdit> edits = new ArrayList<>();
    private boolean answered;

    Conversation(ConversationFold fold, OutSender out) {
        this.fold = fold;
        this.out = out;
    }

    History history() {
        List<ObjectNode> messages = answered ? fold.messagesWithWhole() : fold.messages();
        for (HistoryEdit edit : edits) {
            messages = edit.applyTo(messages);
        }
        return new History(messages);
    }

    /** The answer that is open, as far as it has come. */
    Optional<ObjectNode> answer() {
        return (answered ? fold.whole() : fold.partial())
                .flatMap(partial -> history().message(partial.path("id").asText()));
    }

    /** The open answer came to its own end, though hooks may add to it: nothing in it is half done. */
    void answered() {
        answered = true;
    }

    /**
     * Counts at once for this run, and for everybody else when the turn is complete: if the process dies before, the turn is
     * run again, and what made the edit with it.
     *
     * @throws ChunkTooLargeException when a message is larger than a chunk may be; nothing is changed then
     */
    void edit(HistoryEdit edit) {
        edit.chunks(0).forEach(Conversation::requireFits);
        edits.add(edit);
    }

    void input(InEntry.Message message) {
        fold.input(message.data());
    }

    @Override
    public void write(ObjectNode chunk) throws InterruptedException {
        out.send(requireFits(chunk));
        fold.chunk(chunk);
    }

    private static OutgoingRecord requireFits(ObjectNode chunk) {
        OutgoingRecord record = OutgoingRecord.ofChunk(chunk);
        if (record.chunkBytes() > AnswerStream.CHUNK_BYTES_MAX) {
            throw new ChunkTooLargeException(chunk.path("type").asText(), record.chunkBytes());
        }
        return record;
    }

    @Override
    public void flush() throws InterruptedException {
        out.flush();
    }

    /**
     * A turn counts as answered from here on and not before.
     *
     * @return seq of the turn-complete
     * @param settledSeq highest {@code .in} seq below which nothing waits, −1 for none
     * @param closeReason present when the conversation ends with this turn
     * @param token what clients go on with; siblings stand in the order of contract §6.2
     */
    long completeTurn(long settledSeq, Optional<String> closeReason, Optional<String> token)
            throws InterruptedException {
        writeEdits();
        List<ProtocolHeader> siblings = new ArrayList<>();
        token.ifPresent(value -> siblings.add(new ProtocolHeader(ChannelRecord.PUBLIC_ACCESS_TOKEN, value)));
        if (settledSeq >= 0) {
            siblings.add(new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(settledSeq)));
        }
        closeReason.ifPresent(reason -> {
            siblings.add(new ProtocolHeader(ChannelRecord.SESSION_CLOSED, "true"));
            siblings.add(new ProtocolHeader(SESSION_CLOSED_REASON, reason));
        });
        long seq = control(ChannelRecord.TURN_COMPLETE, siblings);
        fold.completeTurn();
        answered = false;
        return seq;
    }

    private void writeEdits() throws InterruptedException {
        int parts = 0;
        for (HistoryEdit edit : edits) {
            for (ObjectNode chunk : edit.chunks(parts)) {
                write(chunk);
                parts++;
            }
        }
        edits.clear();
    }

    /** Returns when it is stored: its seq. */
    long control(String subtype, List<ProtocolHeader> siblings) throws InterruptedException {
        out.send(OutgoingRecord.ofControl(ChannelRecord.control(subtype, siblings.toArray(ProtocolHeader[]::new))));
        return out.flush();
    }
}
