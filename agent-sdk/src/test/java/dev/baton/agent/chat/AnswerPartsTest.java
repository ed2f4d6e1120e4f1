package dev.baton.agent.chat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What an answer is made of besides text. */
@Timeout(30)
class AnswerPartsTest {
    private final AtomicReference<ObjectNode> response = new AtomicReference<>();

    private OfflineChat chat(Hook<Turn<JsonNode>> run) {
        return OfflineChat.with(ChatAgent.builder("parts").run(run)
                .onTurnComplete(event -> event.responseMessage().ifPresent(response::set)).build());
    }

    private static ObjectNode json(Object value) {
        return WireJson.MAPPER.valueToTree(value);
    }

    @Test
    @DisplayName("features #119: reasoning and text end each other, and steps end both")
    void reasoningAndTextEndEachOther() throws Exception {
        // Given
        try (OfflineChat chat = chat(turn -> {
            turn.answer().reasoning("Hm. ");
            turn.answer().reasoning("Tea.");
            turn.answer().text("Tea?");
            turn.answer().nextStep();
            turn.answer().reasoning("No.");
        })) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(List.of("start", "start-step", "reasoning-start", "reasoning-delta", "reasoning-delta",
                    "reasoning-end", "text-start", "text-delta", "text-end", "finish-step", "start-step",
                    "reasoning-start", "reasoning-delta", "reasoning-end", "finish-step", "finish", "turn-complete"),
                    answer.outline());
            assertEquals("reasoning-1-1-0-0", answer.chunks().get(2).path("id").asText());
            assertEquals(List.of("step-start", "reasoning", "text", "step-start", "reasoning"),
                    response.get().path("parts").valueStream().map(part -> part.path("type").asText()).toList());
            assertEquals("Hm. Tea.", response.get().at("/parts/1/text").asText());
        }
    }

    @Test
    @DisplayName("features #183: a successor ends what its predecessor left open in the step, reasoning as well")
    void aSuccessorEndsTheReasoningOfItsPredecessor() throws Exception {
        // Given
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (OfflineChat chat = chat(turn -> {
            if (turn.partial().isEmpty()) {
                turn.answer().write(json(Map.of("type", "text-start", "id", "of the first step")));
                turn.answer().nextStep();
                turn.answer().text("ended");
                turn.answer().reasoning("half a tho");
                turn.answer().flush();
                written.countDown();
                never.await();
            }
            turn.answer().text("Done.");
        })) {
            chat.post("hi");
            written.await();
            int before = chat.out().chunks().size();

            // When
            chat.crash();
            chat.awaitQuiet();

            // Then
            List<JsonNode> after = chat.out().chunks().subList(before, chat.out().chunks().size());
            assertEquals("reasoning-1-1-0-1", after.get(1).path("id").asText());
            assertEquals(List.of("start", "reasoning-end", "start-step", "text-start", "text-delta", "text-end",
                    "finish-step", "finish"), after.stream().map(chunk -> chunk.path("type").asText()).toList());
        }
    }

    @Test
    @DisplayName("features #225: the end of an answer says why, and what joins the metadata of the message")
    void theEndOfAnAnswerSaysWhy() throws Exception {
        // Given
        try (OfflineChat chat = chat(turn -> {
            turn.answer().write(json(Map.of("type", "message-metadata", "messageMetadata", Map.of("model", "small"))));
            turn.answer().text("I must not say that.");
            turn.answer().finishReason(FinishReason.CONTENT_FILTER);
            turn.answer().metadata(json(Map.of("usage", Map.of("totalTokens", 7))));
        })) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals("content-filter", answer.chunks().getLast().path("finishReason").asText());
            assertEquals(json(Map.of("model", "small", "usage", Map.of("totalTokens", 7))),
                    response.get().path("metadata"));
        }
    }

    @Test
    void theInputOfACallCanBeSeenWhileItIsWritten() throws Exception {
        // Given
        try (OfflineChat chat = chat(turn -> {
            turn.answer().text("I buy.");
            turn.answer().toolInputStart("c1", "buy");
            turn.answer().toolInputDelta("c1", "{\"what\":");
            turn.answer().toolInputDelta("c1", "\"tea\"}");
            turn.answer().toolCall("c1", "buy", json(Map.of("what", "tea")));
        })) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(List.of("text-end", "tool-input-start", "tool-input-delta", "tool-input-delta",
                    "tool-input-available"), answer.outline().subList(4, 9));
            assertEquals("tea", answer.waitingToolCalls().getFirst().input().path("what").asText());
        }
    }
}
