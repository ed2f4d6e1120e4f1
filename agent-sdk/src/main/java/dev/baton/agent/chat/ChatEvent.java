package dev.baton.agent.chat;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What hooks are told. When each of them fires is written at the hook of the same name in {@link ChatAgent.Builder}. */
public sealed interface ChatEvent<D> {
    /** Which run of which chat it happens in. */
    RunContext<D> run();

    /** Something that happens in a turn. */
    sealed interface OfTurn<D> extends ChatEvent<D> {
        Turn<D> turn();

        @Override
        default RunContext<D> run() {
            return turn().run();
        }
    }

    /** A run begins. */
    record Boot<D>(RunContext<D> run) implements ChatEvent<D> {}

    /**
     * A run begins, and the one before has left an answer unfinished.
     *
     * @param history everything up to and including the message that was being answered
     * @param message that message
     * @param partial what came of the answer, cleaned: nothing of it is streaming any more
     * @param waiting messages behind it, in the order in which they will be answered
     */
    record RecoveryBoot<D>(RunContext<D> run, History history, ObjectNode message, ObjectNode partial,
            List<ObjectNode> waiting) implements ChatEvent<D> {}

    /** A run begins before there is a message. */
    record Preload<D>(RunContext<D> run) implements ChatEvent<D> {}

    /**
     * A message has come.
     *
     * @param message as the client sent it; answers to tool calls come as an assistant message with little more than them
     */
    record ValidateMessages<D>(Turn<D> turn, ObjectNode message) implements OfTurn<D> {}

    /**
     * The history of a turn is wanted.
     *
     * @param incoming the message that came; none for regenerations, actions and answers to tool calls, which are laid over
     *     what the hook returns
     * @param previousMessages what this run knows of the conversation before it
     */
    record HydrateMessages<D>(Turn<D> turn, Optional<ObjectNode> incoming, List<ObjectNode> previousMessages)
            implements
                OfTurn<D> {}

    /** The first message of the chat has come. */
    record ChatStart<D>(Turn<D> turn) implements OfTurn<D> {}

    /** A turn is about to be run. */
    record TurnStart<D>(Turn<D> turn) implements OfTurn<D> {}

    /** The answer is there and its stream is still open. @param responseMessage empty when nothing was written */
    record BeforeTurnComplete<D>(Turn<D> turn, Optional<ObjectNode> responseMessage) implements OfTurn<D> {}

    /**
     * Clients know that the turn is over.
     *
     * @param responseMessage empty when nothing was written, or the turn failed
     * @param error why it failed
     * @param messages the whole conversation after this turn, with what a failed one has written
     * @param finishReason what the answer said of its end; empty when it said nothing
     * @param lastEventId cursor behind this turn: who reads {@code .out} from there on sees the next one
     */
    record TurnComplete<D>(Turn<D> turn, Optional<ObjectNode> responseMessage, Optional<Exception> error,
            List<ObjectNode> messages, Optional<FinishReason> finishReason, long lastEventId)
            implements
                OfTurn<D> {}

    /** The client did something that is no message. The turn has no number of its own and no message. */
    record Action<D, A>(Turn<D> turn, A action) implements OfTurn<D> {}

    /**
     * It may be time for a summary.
     *
     * @param messages what it would stand for, as the model is told of it: a summary that is there already comes first
     * @param betweenSteps whether the turn goes on after it
     */
    record Compaction<D>(Turn<D> turn, List<ObjectNode> messages, boolean betweenSteps) implements OfTurn<D> {}

    /**
     * From here on a summary stands for the older part of the history, towards the model.
     *
     * @param messages what it stands for
     * @param betweenSteps whether the turn goes on after it
     */
    record Compacted<D>(Turn<D> turn, List<ObjectNode> messages, String summary, boolean betweenSteps)
            implements
                OfTurn<D> {}

    /** Before what a run parks. */
    enum Phase {
        /** The first message of a preloaded run. */
        PRELOAD,
        /** The first message of a run that goes on with a chat and found nothing to answer. */
        CONTINUATION,
        /** Another message after a turn or an action. */
        TURN
    }

    /** The idle window is over and the run parks (features #230). @param messages the conversation */
    record Suspend<D>(RunContext<D> run, Phase phase, List<ObjectNode> messages) implements ChatEvent<D> {}

    /** A message has come for a run that was parked. */
    record Resume<D>(RunContext<D> run, Phase phase, List<ObjectNode> messages) implements ChatEvent<D> {}
}
