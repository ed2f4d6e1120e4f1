package dev.baton.examples;

import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;

import dev.baton.agent.langchain4j.testing.ScriptedModel.Reply;

/** What a model would say in the shop, so that the example needs none: price, question, thanks. */
final class AssistantScript {
    private static final String HINT = "I am a script that plays a model. Say: I would like some tea.";

    private AssistantScript() {}

    static Reply reply(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        String callId = "call-" + messages.size();
        return switch (messages.getLast()) {
            case UserMessage said -> article(said)
                    .map(article -> Reply.reasoning("They want " + article + ". First I need to know what it costs.")
                            .andCall(callId, Assistant.PRICE, "{\"article\": \"" + article + "\"}"))
                    .orElse(Reply.text(HINT));
            case ToolExecutionResultMessage result when result.toolName().equals(Assistant.PRICE) ->
                Reply.text("That is " + result.text() + ". Shall I?").andCall(callId, Assistant.BUY,
                        ((AiMessage) messages.get(messages.size() - 2)).toolExecutionRequests().getFirst()
                                .arguments());
            case ToolExecutionResultMessage result -> Reply.text(Boolean.TRUE.equals(result.isError())
                    ? "Then not. Something else?"
                    : "Here you are: " + result.text() + ".");
            default -> Reply.text(HINT);
        };
    }

    private static Optional<String> article(UserMessage said) {
        return Assistant.PRICES.keySet().stream()
                .filter(article -> said.hasSingleText() && said.singleText().contains(article)).findFirst();
    }
}
