package dev.baton.agent.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialToolCall;

/** What a model says while it answers. The last two end it. */
sealed interface ModelEvent {
    record Text(String delta) implements ModelEvent {}

    record Reasoning(String delta) implements ModelEvent {}

    /** More of the input of a call; {@link Complete} has all calls again, as a whole. */
    record ToolInput(PartialToolCall call) implements ModelEvent {}

    record Complete(ChatResponse response) implements ModelEvent {}

    record Failed(Throwable error) implements ModelEvent {}

    default boolean isLast() {
        return switch (this) {
            case Text _,Reasoning _,ToolInput _ -> false;
            case Complete _,Failed _ -> true;
        };
    }
}
