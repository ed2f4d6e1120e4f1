package dev.baton.agent.langchain4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.model.chat.StreamingChatModel;

import dev.baton.agent.chat.Turn;

/**
 * Answers turns with a language model: asks it, writes what it says while it says it, executes the tools it calls, and asks again
 * with their results, until it calls none or a call waits for a person.
 *
 * <pre>{@code
 * ModelLoop loop = ModelLoop.builder(model).system("You are brief.").tool(weather).build();
 * ChatAgent.builder("assistant").run(loop::answer).build().serve(url, secretKey);
 * }</pre>
 *
 * <p>Immutable; one loop answers any number of turns at once, as far as its model and tools allow it. One whose tools or system
 * text depend on the turn is cheap enough to be built in {@code run}.
 */
public final class ModelLoop {
    private final StreamingChatModel model;
    private final Optional<String> system;
    private final Toolbox tools;
    private final int maxSteps;
    private final Duration silenceMax;
    private final boolean steerable;

    private ModelLoop(Builder builder) {
        model = builder.model;
        system = builder.system;
        tools = new Toolbox(builder.tools);
        maxSteps = builder.maxSteps;
        silenceMax = builder.silenceMax;
        steerable = builder.steerable;
    }

    public static Builder builder(StreamingChatModel model) {
        return new Builder(model);
    }

    /**
     * Answers this turn, up to its end or up to a call that waits for a person. What the model throws passes through as it is:
     * {@code onError} has the words for it.
     */
    public void answer(Turn<?> turn) throws Exception {
        new ModelTurn(this, turn).answer();
    }

    StreamingChatModel model() {
        return model;
    }

    Optional<String> system() {
        return system;
    }

    Toolbox tools() {
        return tools;
    }

    int maxSteps() {
        return maxSteps;
    }

    Duration silenceMax() {
        return silenceMax;
    }

    boolean steerable() {
        return steerable;
    }

    /** What a loop is made of. Only the model must be set. */
    public static final class Builder {
        private static final int MAX_STEPS_DEFAULT = 20;
        /** Models that reason may be silent for minutes; a connection that hangs must not hold the turn for good. */
        private static final Duration SILENCE_MAX_DEFAULT = Duration.ofMinutes(5);

        private final StreamingChatModel model;
        private final List<AgentTool> tools = new ArrayList<>();
        private Optional<String> system = Optional.empty();
        private int maxSteps = MAX_STEPS_DEFAULT;
        private Duration silenceMax = SILENCE_MAX_DEFAULT;
        private boolean steerable;

        private Builder(StreamingChatModel model) {
            this.model = Objects.requireNonNull(model, "model");
        }

        /** What the model is told before the conversation. Not part of the history. */
        public Builder system(String text) {
            system = Optional.of(text);
            return this;
        }

        public Builder tool(AgentTool tool) {
            tools.add(tool);
            return this;
        }

        /** How often the model is asked in one turn, 20 unless it is set. After the last time, calls are executed and the turn ends. */
        public Builder maxSteps(int steps) {
            if (steps < 1) {
                throw new IllegalArgumentException("expected at least 1 step, but was " + steps);
            }
            maxSteps = steps;
            return this;
        }

        /** A model that says nothing for so long has failed; 5 minutes unless it is set. */
        public Builder silenceMax(Duration silence) {
            silenceMax = silence;
            return this;
        }

        /** Messages that come while it works are taken into the turn between two steps; without this they are turns of their own. */
        public Builder steerable() {
            steerable = true;
            return this;
        }

        /** @throws IllegalArgumentException when two tools have one name */
        public ModelLoop build() {
            return new ModelLoop(this);
        }
    }
}
