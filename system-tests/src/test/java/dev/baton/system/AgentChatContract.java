package dev.baton.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.client.AgentChat;
import dev.baton.agent.client.ChatAnswer;
import dev.baton.agent.client.ChatChunk;
import dev.baton.agent.client.ChatResult;
import dev.baton.agent.client.SessionClosedException;
import dev.baton.agent.http.CallRefusedException;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Patience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The Java client of a chat, with the demo agent at the other end (contract §5.5, features #308). */
@Timeout(60)
abstract class AgentChatContract {
    private static AgentChat.Builder chat(BatonClient baton) {
        return AgentChat.builder(baton.url().toString(), baton.bearer()).agent("echo");
    }

    private static String answerTo(String text, int count) {
        return "You said: " + text + ". That is user message " + count + " of this conversation.";
    }

    @Test
    @DisplayName("features #308: a chat is sent messages and read, and goes on elsewhere with its id and cursor")
    void aChatGoesOnElsewhere(BatonClient baton) throws Exception {
        try (AgentChat first = chat(baton).build()) {
            // Given
            assertEquals(answerTo("one", 1), first.send("one").text());
            long cursor = first.cursor();

            try (AgentChat second = chat(baton).chatId(first.chatId()).cursor(cursor).build()) {
                // When
                ChatResult result = second.send("two").result();

                // Then
                assertEquals(answerTo("two", 2), result.text());
                assertEquals("assistant", result.message().orElseThrow().path("role").asText());
                assertFalse(result.stopped());
                assertEquals(Optional.empty(), result.error());
                assertTrue(second.cursor() > cursor);
            }
        }
    }

    /** {@code GuideTest} finds the code of docs/AGENTS.md here. */
    @Test
    @DisplayName("features #308: the chat of the page of agents")
    void theChatOfThePage(BatonClient baton) throws Exception {
        // Given
        String url = baton.url().toString();
        String key = baton.bearer();

        // When
        AgentChat chat = AgentChat.builder(url, key).agent("echo").chatId("chat-1").build();
        String text = chat.send("hello there").text();
        long cursor = chat.cursor();
        StringBuilder screen = new StringBuilder();
        ChatAnswer answer = chat.send("and now slowly");
        answer.forEach(chunk -> {
            switch (chunk) {
                case ChatChunk.Text(String delta, _) -> screen.append(delta);
                case ChatChunk.Failed(String errorText, _) -> screen.append("! " + errorText);
                default -> screen.append("");
            }
        });
        chat.close();

        // Then
        assertEquals(answerTo("hello there", 1), text);
        assertEquals(answerTo("and now slowly", 2), screen.toString());
        assertTrue(cursor >= 0);
    }

    @Test
    @DisplayName("features #308: a stop ends the turn, and the answer says so")
    void aStopEndsTheTurn(BatonClient baton) throws Exception {
        try (AgentChat chat = chat(baton).build()) {
            // Given
            ChatAnswer answer = chat.send("/slow 200");
            awaitText(answer);

            // When
            chat.stop();

            // Then
            ChatResult result = answer.result();
            assertTrue(result.stopped());
            assertTrue(result.text().startsWith("1"), result.text());
            assertEquals(answerTo("and now", 2), chat.send("and now").text());
        }
    }

    @Test
    @DisplayName("features #308: an error of the agent, an upgrade and an end of the run are told, or not felt")
    void errorsAreToldAndHandOversAreNotFelt(BatonClient baton) throws Exception {
        try (AgentChat chat = chat(baton).build()) {
            // When
            ChatResult failed = chat.send("/error").result();
            String upgraded = chat.send("/upgrade").text();
            chat.endRun();
            String continued = chat.send("three").text();

            // Then
            assertEquals(Optional.of("the echo agent was told to fail"), failed.error());
            assertEquals(answerTo("/upgrade", 2), upgraded);
            assertEquals(answerTo("three", 3), continued);
        }
    }

    @Test
    @DisplayName("features #308: what is sent while the agent answers is a turn of its own; each answer is that of its message")
    void messagesMayWait(BatonClient baton) throws Exception {
        try (AgentChat chat = chat(baton).build()) {
            // Given
            ChatAnswer slow = chat.send("/slow 20");
            awaitText(slow);

            // When
            ChatAnswer next = chat.send("next");

            // Then
            assertEquals(answerTo("next", 2), next.text());
        }
    }

    @Test
    @DisplayName("features #308: a reconnect goes on with the turn that runs, and finds nothing when none does")
    void aReconnectGoesOn(BatonClient baton) throws Exception {
        try (AgentChat first = chat(baton).build()) {
            // Given
            ChatAnswer answer = first.send("/slow 30");
            awaitText(answer);
            answer.close();

            try (AgentChat second = chat(baton).chatId(first.chatId()).cursor(first.cursor()).build()) {
                // When
                List<String> types = new ArrayList<>();
                second.reconnect().orElseThrow().forEach(chunk -> types.add(chunk.json().path("type").asText()));

                // Then
                assertTrue(types.contains("text-delta") && types.getLast().equals("finish"), types::toString);
                assertEquals(Optional.empty(), second.reconnect());
            }
        }
    }

    @Test
    @DisplayName("features #308: a subscriber gets the chunks that a reader would get")
    void aSubscriberGetsTheChunks(BatonClient baton) throws Exception {
        try (AgentChat chat = chat(baton).build()) {
            // When
            Collector collector = new Collector();
            Flow.Publisher<ChatChunk> publisher = chat.send("one").publisher();
            publisher.subscribe(collector);
            Collector late = new Collector();
            publisher.subscribe(late);

            // Then
            assertEquals(answerTo("one", 1), collector.text.get(Patience.TURN.toSeconds(), TimeUnit.SECONDS));
            assertThrows(Exception.class, () -> late.text.get(Patience.TURN.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    @DisplayName("features #308: a closed chat refuses messages and says why")
    void aClosedChatSaysSo(BatonClient baton) throws Exception {
        try (AgentChat chat = chat(baton).build()) {
            // Given
            chat.send("one").text();
            baton.post(BatonClient.session(chat.chatId(), "/close"), "{\"reason\":\"all said\"}").expect(200);

            // When
            SessionClosedException refused = assertThrows(SessionClosedException.class, () -> chat.send("two"));

            // Then
            assertTrue(refused.getMessage().endsWith("is closed: all said"), refused.getMessage());
        }
    }

    @Test
    @DisplayName("features #288, #308: a chat goes on for somebody who has its id, its cursor and its token, and no secret key")
    void aChatGoesOnWithItsToken(BatonClient baton) throws Exception {
        try (AgentChat first = chat(baton).build()) {
            // Given
            first.send("one").text();
            String token = first.token().orElseThrow();

            try (AgentChat second = AgentChat.resume(baton.url().toString(), token, first.chatId())
                    .cursor(first.cursor()).build()) {
                // When
                String text = second.send("two").text();

                // Then the turn brought the next one, which serves as well
                assertEquals(answerTo("two", 2), text);
                assertTrue(second.token().isPresent());
                assertEquals(answerTo("and three", 3), second.send("and three").text());
                assertThrows(CallRefusedException.class, () -> second.closeSession("not with a token"));
            }
            first.closeSession("all said");
            assertThrows(SessionClosedException.class, () -> first.send("three"));
        }
    }

    /** Until the answer has begun. */
    private static void awaitText(ChatAnswer answer) throws InterruptedException {
        Optional<ChatChunk> chunk = answer.next();
        while (!(chunk.orElseThrow() instanceof ChatChunk.Text)) {
            chunk = answer.next();
        }
    }

    /** Asks for one chunk after the other. */
    private static final class Collector implements Flow.Subscriber<ChatChunk> {
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final StringBuilder deltas = new StringBuilder();
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(ChatChunk chunk) {
            if (chunk instanceof ChatChunk.Text(String delta, _)) {
                deltas.append(delta);
            }
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failure) {
            text.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            text.complete(deltas.toString());
        }
    }
}
