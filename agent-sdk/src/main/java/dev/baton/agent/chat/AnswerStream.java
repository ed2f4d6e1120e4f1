package dev.baton.agent.chat;

import java.util.List;
import java.util.Optional;

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
    private final ChunkIds ids;
    private final StepCalls stepCalls = new StepCalls();
    private Optional<OpenPart> openPart = Optional.empty();
    private Optional<FinishReason> finishReason = Optional.empty();
    private Optional<ObjectNode> metadata = Optional.empty();

    /**
     * How an answer begins.
     *
     * @param partPrefix makes the ids of parts different from those of every other run
     * @param continues whether an earlier run began this answer
     * @param predecessorsOpenParts what that run did not end
     * @param calls ids of the calls of tools that are in this message already
     */
    record Begin(String answerId, String partPrefix, boolean continues, List<OpenPart> predecessorsOpenParts,
            List<String> calls) {}

    /** @param kind {@code text} or {@code reasoning}: what its chunks begin with */
    record OpenPart(String kind, String id) {
        ObjectNode end() {
            return chunk(kind + "-end").put("id", id);
        }
    }

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
     * Appends to the current text, or begins one. Words after the outcome of all calls of a step begin the next one,
     * unless {@link #nextStep} has.
     *
     * @throws TurnStoppedException when the user stopped the turn
     * @throws ChunkTooLargeException when it is too much for one chunk
     * @throws TurnOverException when the turn has ended
     */
    public void text(String delta) throws InterruptedException {
        append("text", delta);
    }

    /** As {@link #text}, for what a model thinks before it answers. The two end each other. */
    public void reasoning(String delta) throws InterruptedException {
        append("reasoning", delta);
    }

    private void append(String kind, String delta) throws InterruptedException {
        mayWrite();
        start();
        if (stepCalls.areSettled()) {
            nextStep();
        }
        if (openPart.filter(part -> part.kind().equals(kind)).isEmpty()) {
            endText();
            openPart = Optional.of(new OpenPart(kind, kind + "-" + begin.partPrefix() + parts++));
            sink.write(chunk(kind + "-start").put("id", openPart.get().id()));
        }
        sink.write(chunk(kind + "-delta").put("id", openPart.get().id()).put("delta", delta));
    }

    /** The next {@link #text} or {@link #reasoning} begins a new part. */
    public void endText() throws InterruptedException {
        if (openPart.isPresent()) {
            sink.write(openPart.get().end());
            openPart = Optional.empty();
        }
    }

    /** The answer goes on with another step: a model is asked once more. */
    public void nextStep() throws InterruptedException {
        write(chunk("finish-step"));
        write(chunk("start-step"));
    }

    /**
     * Writes a chunk of any other kind; ends a text or reasoning that is open.
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
        stepCalls.add(chunk);
    }

    /** A call of a tool whose input is still being written. {@link #toolCall} ends it. */
    public void toolInputStart(String callId, String toolName) throws InterruptedException {
        write(chunk("tool-input-start").put("toolCallId", callId).put("toolName", toolName));
    }

    /** @param delta more of the JSON text of the input */
    public void toolInputDelta(String callId, String delta) throws InterruptedException {
        write(chunk("tool-input-delta").put("toolCallId", callId).put("inputTextDelta", delta));
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

    /** Why the answer ends; clients hear it with its end. */
    public void finishReason(FinishReason reason) {
        finishReason = Optional.of(reason);
    }

    /** Joins the metadata of the message when the answer ends; what is there already is merged, not replaced. */
    public void metadata(ObjectNode newMetadata) {
        metadata = Optional.of(newMetadata);
    }

    /** Returns when everything so far is stored. */
    public void flush() throws InterruptedException {
        sink.flush();
    }

    Optional<FinishReason> finishReason() {
        return finishReason;
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
            ObjectNode finish = chunk("finish");
            finishReason.ifPresent(reason -> finish.put("finishReason", reason.text()));
            metadata.ifPresent(node -> finish.set("messageMetadata", node));
            sink.write(finish);
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
        for (OpenPart part : begin.predecessorsOpenParts()) {
            sink.write(part.end());
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
