package dev.baton.wire.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The conversation behind a snapshot: the complete turns of the {@code .out} tail with the {@code .in} records they consumed,
 * and what is left over. All inputs are added first, then the accepted records of {@code .out} in their order. Whatever lies
 * between, snapshot and tail are the fold of everything. Not thread-safe.
 */
public final class TailFold {
    private final ConversationFold settled;
    private final Deque<Input> waiting = new ArrayDeque<>();
    private final List<Step> openSteps = new ArrayList<>();
    private final boolean fromTheBeginning;
    private long settledInSeq;
    private long settledOutSeq;
    private long generation;

    /**
     * A record of {@code .in}.
     *
     * @param seq {@value Snapshot#NO_SEQ} for the message a session is created with
     * @param data parsed; missing when the record is not readable, so that its seq counts all the same
     */
    public record Input(long seq, JsonNode data) {}

    /** Something on {@code .out} that counts when its turn is complete. */
    private sealed interface Step {
        record Chunk(JsonNode data) implements Step {}

        /** Another generation took over. */
        record TakeOver() implements Step {}
    }

    public TailFold(Optional<Snapshot> base) {
        settled = new ConversationFold(base.map(Snapshot::messages).orElse(List.of()),
                base.map(Snapshot::nonFinal).orElse(List.of()));
        settledInSeq = base.map(Snapshot::lastInSeq).orElse(Snapshot.NO_SEQ);
        settledOutSeq = base.map(Snapshot::lastOutSeq).orElse(Snapshot.NO_SEQ);
        // The message a session is created with is part of its first turn, and of no later one.
        fromTheBeginning = settledOutSeq == Snapshot.NO_SEQ;
    }

    /** In their order; one that the snapshot knows is passed over. */
    public void input(Input input) {
        if (input.seq() == Snapshot.NO_SEQ ? fromTheBeginning : input.seq() > settledInSeq) {
            waiting.add(input);
        }
    }

    /**
     * Who wrote the next record of {@code .out}. Writing under a higher generation says as much as its fence, which may lie
     * before the tail: what the run before it left unfinished stays as it is.
     *
     * @param writer 0 for one that names no run
     */
    public void writtenBy(long writer) {
        if (writer > generation) {
            openSteps.add(new Step.TakeOver());
            generation = writer;
        }
    }

    /** A data record of {@code .out}: it counts with the turn-complete that follows it. */
    public void chunk(JsonNode data) {
        if (data.isObject()) {
            openSteps.add(new Step.Chunk(data));
        }
    }

    /**
     * A turn-complete of {@code .out}.
     *
     * @param consumedInSeq highest {@code .in} seq the turn has dealt with, {@value Snapshot#NO_SEQ} for none. One beyond what
     *     there is hides nothing that is still to come
     */
    public void completeTurn(long outSeq, long consumedInSeq) {
        while (!waiting.isEmpty() && waiting.peek().seq() <= consumedInSeq) {
            Input input = waiting.poll();
            settled.input(input.data());
            settledInSeq = Math.max(settledInSeq, input.seq());
        }
        replayOpen(settled);
        openSteps.clear();
        settled.completeTurn();
        settledOutSeq = outSeq;
    }

    /** Applies what follows the last turn-complete to another fold. */
    public void replayOpen(ConversationFold onto) {
        for (Step step : openSteps) {
            switch (step) {
                case Step.Chunk(JsonNode data) -> onto.chunk(data);
                case Step.TakeOver() -> onto.fence();
            }
        }
    }

    /** All complete turns; whoever goes on with the conversation goes on with this fold. */
    public ConversationFold settled() {
        return settled;
    }

    /** What follows the last turn-complete: the begin of an answer. */
    public List<JsonNode> openChunks() {
        return openSteps.stream().filter(Step.Chunk.class::isInstance).map(Step.Chunk.class::cast)
                .map(Step.Chunk::data).toList();
    }

    /** Inputs that no complete turn has consumed, oldest first. */
    public List<Input> waiting() {
        return List.copyOf(waiting);
    }

    /**
     * The messages of all complete turns and the messages that wait, in the order in which they came. An answer that is
     * still being written is left out: whoever follows {@code .out} from {@link #settledOutSeq()} on gets it from its begin.
     */
    public List<ObjectNode> messages() {
        return withWaiting().messages();
    }

    /** As {@link #messages()}, and the answer that is being written as far as it has come. */
    public List<ObjectNode> messagesWithOpenAnswer() {
        ConversationFold all = withWaiting();
        replayOpen(all);
        return all.messages();
    }

    private ConversationFold withWaiting() {
        ConversationFold all = new ConversationFold(settled.messages(), settled.nonFinalIds());
        waiting.forEach(input -> all.input(input.data()));
        return all;
    }

    /** {@value Snapshot#NO_SEQ} when no turn has consumed any. */
    public long settledInSeq() {
        return settledInSeq;
    }

    /** {@value Snapshot#NO_SEQ} when no turn is complete. */
    public long settledOutSeq() {
        return settledOutSeq;
    }
}
