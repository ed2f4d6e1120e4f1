package dev.baton.examples;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.langchain4j.testing.ScriptedModel;
import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The example with its script, and with a model behind HTTP. */
@Timeout(30)
class AssistantTest {
    private static final String CALL = """
            {"id":"1","model":"small","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"They want "}}]}
            {"id":"1","choices":[{"index":0,"delta":{"reasoning_content":"tea."}}]}
            {"id":"1","choices":[{"index":0,"delta":{"content":"One "}}]}
            {"id":"1","choices":[{"index":0,"delta":{"content":"moment."}}]}
            {"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"price","arguments":""}}]}}]}
            {"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"article\\":"}}]}}]}
            {"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\\"tea\\"}"}}]}}]}
            {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
            {"id":"1","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29}}
            """;
    private static final String TEXT = """
            {"id":"2","choices":[{"index":0,"delta":{"content":"Four euro, and"}}]}
            {"id":"2","choices":[{"index":0,"delta":{},"finish_reason":"length"}]}
            {"id":"2","choices":[],"usage":{"prompt_tokens":40,"completion_tokens":3,"total_tokens":43}}
            """;

    private static OfflineChat scripted() {
        return OfflineChat.with(Assistant.agent(ScriptedModel.answering(AssistantScript::reply)));
    }

    private static OfflineChat with(ChatCompletionsServer server, String key) {
        return OfflineChat.with(Assistant.agent(AssistantMain.model(Map.of("OPENAI_MODEL", "small", "OPENAI_BASE_URL",
                server.baseUrl(), "OPENAI_API_KEY", key))));
    }

    @Test
    void theScriptAsksBeforeItBuys() throws Exception {
        // Given
        try (OfflineChat chat = scripted()) {
            OfflineAnswer question = chat.send("I would like some tea.");
            ToolCall buy = question.waitingToolCalls().getFirst();

            // When
            OfflineAnswer thanks = chat.approveTool(buy, true);
            OfflineAnswer more = chat.send("And cake?");
            OfflineAnswer asYouLike = chat.approveTool(more.waitingToolCalls().getFirst(), false);
            OfflineAnswer hint = chat.send("What can you do?");

            // Then
            assertTrue(question.outline().contains("reasoning-delta"));
            assertEquals("buy {\"article\":\"tea\"}", buy.toolName() + " " + buy.input());
            assertEquals("Here you are: tea for 4 euro.", thanks.text());
            assertEquals("Then not. Something else?", asYouLike.text());
            assertTrue(hint.text().contains("I am a script"), hint.text());
        }
    }

    @Test
    void withoutTheNameOfAModelAScriptPlaysIt() {
        assertInstanceOf(ScriptedModel.class, AssistantMain.model(Map.of("OPENAI_API_KEY", "k", "OPENAI_MODEL", " ")));
    }

    @Test
    void anyEndpointThatSpeaksChatCompletionsWillDo() throws Exception {
        // Given
        try (ChatCompletionsServer server = new ChatCompletionsServer(CALL, TEXT);
                OfflineChat chat = with(server, "k1")) {
            // When
            OfflineAnswer answer = chat.send("How much is the tea?");

            // Then
            assertEquals(List.of("start", "start-step", "reasoning-start", "reasoning-delta", "reasoning-delta",
                    "reasoning-end", "text-start", "text-delta", "text-delta", "text-end", "tool-input-start",
                    "tool-input-delta", "tool-input-delta", "tool-input-available", "tool-output-available",
                    "finish-step", "start-step", "text-start", "text-delta", "text-end", "finish-step", "finish",
                    "turn-complete"), answer.outline());
            assertEquals("length", answer.chunks().getLast().path("finishReason").asText());
            assertEquals("{\"inputTokens\":60,\"outputTokens\":12,\"totalTokens\":72}",
                    answer.chunks().getLast().at("/messageMetadata/usage").toString());
            assertEquals(List.of("Bearer k1", "Bearer k1"), server.keys());
            JsonNode asked = server.requests().getLast();
            assertEquals("small", asked.path("model").asText());
            assertEquals(List.of("system", "user", "assistant", "tool"),
                    asked.path("messages").valueStream().map(message -> message.path("role").asText()).toList());
            assertEquals("4 euro", asked.at("/messages/3/content").asText());
            assertEquals("c1", asked.at("/messages/2/tool_calls/0/id").asText());
            assertEquals("buy", asked.at("/tools/1/function/name").asText());
        }
    }

    @Test
    void aStopHangsUp() throws Exception {
        // Given
        try (ChatCompletionsServer server = new ChatCompletionsServer("…"); OfflineChat chat = with(server, "k1")) {
            chat.post("Tell me a long story.");
            chat.awaitText(" more");

            // When
            chat.stop();

            // Then
            assertTrue(server.readerGone().await(10, TimeUnit.SECONDS));
            assertEquals("abort", chat.out().outline().get(chat.out().outline().size() - 2));
        }
    }

    @Test
    void anEndpointThatRefusesIsAnErrorWithWords() throws Exception {
        // Given
        try (ChatCompletionsServer server = new ChatCompletionsServer("401", "500");
                OfflineChat chat = with(server, "wrong")) {
            // When
            OfflineAnswer unknown = chat.send("hi");
            OfflineAnswer broken = chat.send("hi");

            // Then
            assertEquals("The model refuses the key of this agent.",
                    unknown.error().orElseThrow());
            assertEquals("An error occurred.", broken.error().orElseThrow());
        }
    }
}
