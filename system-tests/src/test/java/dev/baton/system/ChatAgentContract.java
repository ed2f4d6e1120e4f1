package dev.baton.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.Worker;
import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.History;
import dev.baton.agent.client.AgentChat;
import dev.baton.agent.client.ChatAnswer;
import dev.baton.system.support.BatonClient;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Agents of the Java SDK with a worker of their own, where it takes the server to see that they keep what they promise. */
@Timeout(60)
abstract class ChatAgentContract {
    /** No other test asks for its runs. */
    private final String task = "agent-" + UUID.randomUUID();

    private ChatAgent.Builder<JsonNode> agent() {
        return ChatAgent.builder(task);
    }

    private AgentChat chat(BatonClient baton) {
        return AgentChat.builder(baton.url().toString(), baton.bearer()).agent(task).build();
    }

    private static Worker started(ChatAgent<?> agent, BatonClient baton) throws InterruptedException {
        Worker worker = agent.worker(baton.url().toString(), baton.bearer()).build();
        worker.start();
        return worker;
    }

    private static List<String> texts(Iterable<JsonNode> messages) {
        List<String> texts = new ArrayList<>();
        messages.forEach(
                message -> texts.add(message.path("parts").valueStream().map(part -> part.path("text").asText())
                        .reduce("", String::concat)));
        return texts;
    }

    @Test
    @DisplayName("PROTOCOL 4.11, features #244: an edit is on .out before the end of its turn, in the transcript and in the next run")
    void anEditOfTheHistoryIsForEverybody(BatonClient baton) throws Exception {
        // Given
        ChatAgent<JsonNode> agent = agent().run(turn -> turn.answer().text(turn.userText() + " after "
                + turn.history().messages().stream().map(History::text).toList()))
                .onBeforeTurnComplete(event -> {
                    if (event.turn().userText().equals("forget")) {
                        event.turn().editHistory(history -> history.last(2));
                    }
                }).build();
        try (Worker _ = started(agent, baton); AgentChat chat = chat(baton)) {
            chat.send("secret").text();
            chat.send("forget").text();

            // When
            JsonNode transcript = baton.get(BatonClient.session(chat.chatId(), "/transcript")).expect(200).json();
            JsonNode records = baton.get(BatonClient.channel(chat.chatId(), "out", "/records")).expect(200).json();
            chat.endRun();
            String byAnother = chat.send("three").text();

            // Then
            List<JsonNode> last = records.path("records").valueStream().toList();
            assertTrue(last.get(last.size() - 2).toString().contains("data-history-edit"), last::toString);
            assertTrue(last.getLast().toString().contains("turn-complete"), last::toString);
            assertEquals(List.of("forget", "forget after [secret, secret after [secret], forget]"),
                    texts(transcript.path("messages")));
            assertEquals("three after [forget, forget after [secret, secret after [secret], forget], three]",
                    byAnother);
        }
    }

    @Test
    @DisplayName("features #253: a message that comes while a turn runs is taken along, settled with it, and answered once")
    void aMessageIsTakenAlong(BatonClient baton) throws Exception {
        // Given
        CountDownLatch begun = new CountDownLatch(1);
        ChatAgent<JsonNode> agent = agent().run(turn -> {
            turn.answer().text("to " + turn.userText() + ";");
            turn.answer().flush();
            begun.countDown();
            while (turn.userText().equals("one") && turn.history().userMessages() < 2) {
                turn.pause(Duration.ofMillis(10));
                turn.takePendingMessages();
            }
        }).build();
        try (Worker _ = started(agent, baton); AgentChat chat = chat(baton)) {
            ChatAnswer answer = chat.send("one");
            begun.await();

            // When
            chat.steer("two");
            answer.text();
            chat.endRun();
            String next = chat.send("three").text();

            // Then
            JsonNode transcript = baton.get(BatonClient.session(chat.chatId(), "/transcript")).expect(200).json();
            assertEquals(List.of("one", "two", "to one;", "three", "to three;"), texts(transcript.path("messages")));
            assertEquals("to three;", next);
        }
    }

    @Test
    @DisplayName("features #109, contract §4.2: a turn brings clients a token that reads and writes their session")
    void aTurnBringsClientsAToken(BatonClient baton) throws Exception {
        // Given
        try (Worker _ = started(agent().run(turn -> turn.answer().text("hi")).build(), baton);
                AgentChat chat = chat(baton)) {
            chat.send("one").text();

            // When
            JsonNode last = baton.get(BatonClient.channel(chat.chatId(), "out", "/records")).expect(200).json()
                    .path("records").valueStream().toList().getLast();
            String token = last.path("headers").valueStream()
                    .filter(header -> header.path(0).asText().equals("public-access-token"))
                    .map(header -> header.path(1).asText()).findFirst().orElseThrow();

            // Then
            BatonClient browser = baton.as(token);
            browser.get(BatonClient.session(chat.chatId(), "")).expect(200);
            browser.post(BatonClient.channel(chat.chatId(), "in", "/append"),
                    WireJson.MAPPER.valueToTree(Map.of("kind", "stop")).toString()).expect(200);
        }
    }
}
