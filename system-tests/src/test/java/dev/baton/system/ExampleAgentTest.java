package dev.baton.system;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.OnBroker;
import dev.baton.system.support.OnBroker.BrokerKind;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.Turn;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The example of docs/AGENTS.md as a process of its own, with its script. */
@OnBroker(BrokerKind.EMBEDDED)
class ExampleAgentTest {
    private static final String MAIN_CLASS = "dev.baton.examples.AssistantMain";

    @Test
    @DisplayName("issue 6: the example agent looks up a price, asks before it buys, and buys when a person allows it")
    void theExampleBuysWhatAPersonAllows(BatonClient baton) {
        // Given
        String chatId = "example-" + UUID.randomUUID();
        ChildJvm example = ChildJvm.start(MAIN_CLASS, List.of(),
                Map.of("BATON_GATEWAY_URL", baton.url().toString(), "BATON_SECRET_KEY", BatonClient.SECRET_KEY,
                        "OPENAI_MODEL", ""),
                StandaloneProcess.newFolder().resolve("example.log"));
        try {
            String said = example.awaitLine(line -> line.startsWith("assistant"), Patience.START);
            Chat chat = Chat.start(baton, chatId,
                    Chat.createBody(chatId, "I would like some tea.").put("taskIdentifier", "assistant"));
            Turn question = chat.turns(1).getFirst();

            // When
            baton.post(chat.channelPath("in", "/append"), approval(chatId, callId(question)).toString()).expect(200);
            Turn answer = chat.turns(2).getLast();

            // Then
            assertEquals("assistant: a script plays the model; OPENAI_MODEL names a real one", said);
            assertTrue(question.chunkTypes().containsAll(List.of("reasoning-delta", "tool-output-available",
                    "tool-input-delta", "tool-approval-request")), question.chunkTypes().toString());
            assertEquals("Here you are: tea for 4 euro.", answer.text());
        } finally {
            example.kill();
        }
    }

    private static String callId(Turn question) {
        return question.records().stream().filter(record -> record.chunkType().equals("tool-approval-request"))
                .map(record -> record.data().path("toolCallId").asText()).findFirst().orElseThrow();
    }

    /** As the AI SDK's clients send it: the assistant's message with little more than the answer. */
    private static ObjectNode approval(String chatId, String callId) {
        ObjectNode entry = WireJson.MAPPER.createObjectNode().put("kind", "message");
        ObjectNode message = entry.putObject("payload").put("chatId", chatId).put("trigger", "submit-message")
                .putObject("message").put("id", "m-approval").put("role", "assistant");
        message.putArray("parts").addObject().put("type", "tool-buy").put("toolCallId", callId)
                .put("state", "approval-responded").putObject("approval").put("id", "approval-" + callId)
                .put("approved", true);
        return entry;
    }
}
