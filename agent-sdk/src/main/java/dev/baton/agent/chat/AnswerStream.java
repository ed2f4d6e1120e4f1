package dev.baton.agent.chat;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.json.WireJson;

/**
 * Writes one answer as a UI message stream (features #119): {@code start}, {@code start-step}, texts and other chunks,
 * {@code finish-step}, {@code finish}. All of it is one message with one id. Nothing is written before the first word. Used
 * by the run's thread only.
 */
public final class AnswerStream {
    /** Size of the JSON of one chunk in bytes of UTF-8 (features #124): a record less its envelope. */
    public static final int CHUNK_BYTES_MAX = ChannelRecord.METERED_BYTES_MAX - 1_024;

    private final Begin begin;
    private final ChunkSink sink;
    private final StopSignal stop;
    private Phase phase = Phase.OPEN;
    private boolean started;
    private int parts;
    private String openPart;
    private final ChunkIds ids;

    /**
     * How an answer begins.
     *
     * @param partPrefix makes the ids of text parts different from those of every other run
     * @param continues whether an earlier run began this answer
     * @param predecessorsOpenParts texts that run did not end
     * @param calls ids of the calls of tools that are in this message already
     */
    record Begin(String answerId, String partPrefix, boolean continues, List<String> predecessorsOpenParts,
            List<String> calls) {}

    private enum Phase {
        /** The turn is being answered; a stop ends it. */
        OPEN,
        /** The answer is written; what comes now is added even if the turn was stopped. */
        CLOSING,
        /** Nobody would see what is written. */
        OVER
    }

    AnswerStream(Begin begin, ChunkSink sink, StopSignal stop) {
        this.begin = begin;
        this.sink = sink;
        this.stop = stop;
        this.ids = new ChunkIds(begin.calls());
    }

    /** Id of the message that is being written; the same one if another run has to finish it. */
    public String messageId() {
        return begin.answerId();
    }

    /**
     * Appends to the current text, or begins one.
     *
     * @throws TurnStoppedException when the user stopped the turn
     * @throws ChunkTooLargeException when it is too much for one chunk
     * @throws TurnOverException when the turn has ended
     */
    public void text(String delta) throws InterruptedException {
        mayWrite();
        start();
        if (openPart == null) {
            openPart = begin.partPrefix() + parts++;
            sink.write(chunk("text-start").put("id", openPart));
        }
        sink.write(chunk("text-delta").put("id", openPart).put("delta", delta));
    }

    /** The next {@link #text} begins a new part. */
    public void endText() throws InterruptedException {
        if (openPart != null) {
            sink.write(chunk("text-end").put("id", openPart));
            openPart = null;
        }
    }

    /**
     * Writes a chunk of any other kind; ends a text that is open.
     *
     * @throws TurnStoppedException when the user stopped the turn
     * @throws ChunkTooLargeException when it is larger than {@value #CHUNK_BYTES_MAX} bytes
     * @throws ClashingChunkException when its id is that of another part or call of this answer
     * @throws TurnOverException when the turn has ended
     */
    public void write(ObjectNode chunk) throws InterruptedException {
        mayWrite();
        ids.add(chunk);
        start();
        endText();
        sink.write(chunk);
    }

    /**
     * A call of a tool. If nothing gives it an output in this turn, it waits for a person, whose answer is a turn of its own
     * that goes on with this message (features #270).
     */
    public void toolCall(String callId, String toolName, JsonNode input) throws InterruptedException {
        if (toolName.isBlank()) {
            throw new IllegalArgumentException(
                    "expected the call " + callId + " to name its tool, but the name is empty:"
                            + " say which tool is called");
        }
        ObjectNode chunk = chunk("tool-input-available").put("toolCallId", callId).put("toolName", toolName);
        chunk.set("input", input);
        write(chunk);
    }

    /** Asks a person whether a call may be executed (features #271). End the turn after it. */
    public void requestApproval(String callId) throws InterruptedException {
        write(chunk("tool-approval-request").put("approvalId", "approval-" + callId).put("toolCallId", callId));
    }

    /** What came of a call, made in this turn or in an earlier one of this message. */
    public void toolOutput(String callId, JsonNode output) throws InterruptedException {
        ObjectNode chunk = chunk("tool-output-available").put("toolCallId", callId);
        chunk.set("output", output);
        write(chunk);
    }

    /** A call has failed. @param errorText clients see it */
    public void toolError(String callId, String errorText) throws InterruptedException {
        write(chunk("tool-output-error").put("toolCallId", callId).put("errorText", errorText));
    }

    /** A call is not executed, because somebody said so. */
    public void toolDenied(String callId) throws InterruptedException {
        write(chunk("tool-output-denied").put("toolCallId", callId));
    }

    /** Returns when everything so far is stored. */
    public void flush() throws InterruptedException {
        sink.flush();
    }

    boolean started() {
        return started;
    }

    /** The agent has answered; hooks may still add to it. */
    void closing() throws InterruptedException {
        phase = Phase.CLOSING;
        endText();
    }

    void finish() throws InterruptedException {
        if (started || begin.continues()) {
            start();
            endText();
            sink.write(chunk("finish-step"));
            sink.write(chunk("finish"));
        }
    }

    void abort() throws InterruptedException {
        if (started) {
            endText();
            sink.write(chunk("abort"));
        }
    }

    void fail(String errorText) throws InterruptedException {
        endText();
        sink.write(chunk("error").put("errorText", errorText));
    }

    void over() {
        phase = Phase.OVER;
    }

    private void start() throws InterruptedException {
        if (started) {
            return;
        }
        started = true;
        sink.write(chunk("start").put("messageId", begin.answerId()));
        for (String part : begin.predecessorsOpenParts()) {
            sink.write(chunk("text-end").put("id", part));
        }
        sink.write(chunk("start-step"));
    }

    private void mayWrite() {
        switch (phase) {
            case OPEN -> {
                if (stop.isRaised()) {
                    throw new TurnStoppedException();
                }
            }
            case CLOSING -> {
            }
            case OVER -> throw new TurnOverException("a write");
        }
    }

    private static ObjectNode chunk(String type) {
        return WireJson.MAPPER.createObjectNode().put("type", type);
    }
}
