package dev.baton.examples;

import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;

import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.langchain4j.AgentTool;
import dev.baton.agent.langchain4j.ModelLoop;
import dev.baton.agent.langchain4j.ToolFailedException;

/** A shop assistant: it looks up prices by itself, and asks before it buys. */
final class Assistant {
    static final String TASK = "assistant";
    static final String PRICE = "price";
    static final String BUY = "buy";
    /** In euro. */
    static final Map<String, Integer> PRICES = new TreeMap<>(Map.of("tea", 4, "coffee", 6, "cake", 3));

    private Assistant() {}

    static ChatAgent<JsonNode> agent(StreamingChatModel model) {
        ModelLoop loop = ModelLoop.builder(model)
                .system("You help in a small shop. Look up what an article costs before you buy it. Be brief.")
                .tool(AgentTool.of(specification(PRICE, "What one piece of an article costs."),
                        input -> price(input) + " euro"))
                .tool(AgentTool.of(specification(BUY, "Buys one piece of an article."),
                        input -> input.path("article").asText() + " for " + price(input) + " euro").needsApproval())
                .steerable().build();
        return ChatAgent.builder(TASK).run(loop::answer).onError(Assistant::wording).build();
    }

    private static ToolSpecification specification(String name, String description) {
        return ToolSpecification.builder().name(name).description(description).parameters(
                JsonObjectSchema.builder().addEnumProperty("article", PRICES.keySet().stream().toList())
                        .required("article").build())
                .build();
    }

    private static int price(JsonNode input) throws ToolFailedException {
        String article = input.path("article").asText();
        if (!PRICES.containsKey(article)) {
            throw new ToolFailedException("There is no '" + article + "' here, but there is " + PRICES.keySet() + ".");
        }
        return PRICES.get(article);
    }

    private static String wording(Exception error) {
        return switch (error) {
            case RateLimitException _ -> "Too many people ask me at once. Try again in a minute.";
            case AuthenticationException _ -> "The model refuses the key of this agent.";
            // The default of the SDK says nothing internal.
            default -> null;
        };
    }
}
