package dev.baton.agent.chat;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * Writes one answer as a UI message stream (features #119): {@code start}, {@code start-step}, texts and other chunks,
 * {@code finish-step}, {@code finish}. Nothing is written before the first word. Used by the run's thread only.
 */
public final class AnswerStream {
    private final String answerId;
    private final String partPrefix;
    private final List<String> predecessorsOpenParts;
    private final boolean continues;
    private final ChunkSink sink;
    private final StopSignal stop;
    private boolean started;
    private int parts;
    private String openPart;

    /**
     * @param partPrefix makes the ids of text parts different from those of every other run
     * @param continues whether an earlier run began this answer
     * @param predecessorsOpenParts texts that run did not end
     */
    AnswerStream(String answerId, String partPrefix, boolean continues, List<String> predecessorsOpenParts,
            ChunkSink sink, StopSignal stop) {
        this.answerId = answerId;
        this.partPrefix = partPrefix;
        this.continues = continues;
        this.predecessorsOpenParts = predecessorsOpenParts;
        this.sink = sink;
        this.stop = stop;
    }

    /**
     * Appends to the current text, or begins one.
     *
     * @throws TurnStoppedException when the user stopped the turn
     */
    public void text(String delta) throws InterruptedException {
        throwIfStopped();
        start();
        if (openPart == null) {
            openPart = partPrefix + parts++;
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
     */
    public void write(ObjectNode chunk) throws InterruptedException {
        throwIfStopped();
        start();
        endText();
        sink.write(chunk);
    }

    /** Returns when everything so far is stored. */
    public void flush() throws InterruptedException {
        sink.flush();
    }

    boolean started() {
        return started;
    }

    void finish() throws InterruptedException {
        if (started || continues) {
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

    private void start() throws InterruptedException {
        if (started) {
            return;
        }
        started = true;
        sink.write(chunk("start").put("messageId", answerId));
        for (String part : predecessorsOpenParts) {
            sink.write(chunk("text-end").put("id", part));
        }
        sink.write(chunk("start-step"));
    }

    private void throwIfStopped() {
        if (stop.isRaised()) {
            throw new TurnStoppedException();
        }
    }

    private static ObjectNode chunk(String type) {
        return WireJson.MAPPER.createObjectNode().put("type", type);
    }
}
