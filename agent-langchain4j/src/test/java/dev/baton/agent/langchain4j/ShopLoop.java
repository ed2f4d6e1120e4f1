package dev.baton.agent.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;

import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;

/** A loop with the tools of a little shop, and what came of its turns. */
abstract class ShopLoop {
    static final List<String> END = List.of("finish-step", "finish", "turn-complete");

    final List<String> executed = new ArrayList<>();
    final AtomicReference<Exception> error = new AtomicReference<>();
    ObjectNode response;

    final AgentTool price = AgentTool.of(spec("price"), input -> {
        executed.add("price of " + input.path("of").asText());
        return Map.of("euro", 4);
    });
    final AgentTool buy = AgentTool.of(spec("buy"), input -> {
        executed.add("buy " + input.path("what").asText());
        return "bought";
    }).needsApproval();

    static ToolSpecification spec(String name) {
        return ToolSpecification.builder().name(name).description("for tests").build();
    }

    OfflineChat chat(ModelLoop loop) {
        return OfflineChat.with(ChatAgent.builder("model").run(loop::answer).onTurnComplete(event -> {
            response = event.responseMessage().orElse(null);
            event.error().ifPresent(error::set);
        }).build());
    }

    static JsonNode chunk(OfflineAnswer answer, String type) {
        return answer.chunks().stream().filter(chunk -> chunk.path("type").asText().equals(type)).reduce((_, b) -> b)
                .orElseThrow(() -> new AssertionError("expected a " + type + ", but " + answer.outline()));
    }

    static List<String> with(List<String> outline, List<String> end) {
        List<String> all = new ArrayList<>(outline);
        all.addAll(end);
        return all;
    }
}
