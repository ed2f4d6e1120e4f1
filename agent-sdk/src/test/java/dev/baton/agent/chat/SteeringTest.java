package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.testing.OfflineChat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Messages that come while a turn runs: features #252 to #254. */
@Timeout(30)
class SteeringTest {
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<String> histories = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    private ChatAgent.Builder<JsonNode> taking() {
        return ChatAgent.builder("tested").run(turn -> {
            turn.answer().text("to " + turn.userText() + ": ");
            if (turn.userText().equals("one")) {
                turn.answer().flush();
                go.await();
                List<String> waiting = turn.pendingMessages().stream().map(History::text).toList();
                List<String> taken = turn.takePendingMessages().stream().map(History::text).toList();
                turn.answer().text("waiting " + waiting + ", taken " + taken);
            }
            histories.add(turn.history().messages().stream().map(History::text).toList().toString());
        }).onTurnComplete(event -> event.error().map(Exception::getMessage).ifPresent(refused::add));
    }

    @Test
    @DisplayName("features #253: a turn takes along what waits, and it is one turn with one answer")
    void aTurnTakesAlongWhatWaits() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(taking().build())) {
            chat.post("one");
            chat.awaitText("to one");
            chat.post("two");
            chat.post("three");

            // When
            go.countDown();
            chat.awaitQuiet();
            chat.endRun();
            chat.send("four");

            // Then
            JsonNode marker = chat.out().chunks().stream()
                    .filter(chunk -> chunk.path("type").asText().equals("data-pending-message-injected")).findFirst()
                    .orElseThrow();
            assertEquals("{\"messageIds\":[\"u2\",\"u3\"],\"messages\":[{\"id\":\"u2\",\"text\":\"two\"},"
                    + "{\"id\":\"u3\",\"text\":\"three\"}]}", marker.path("data").toString());
            assertEquals("to one: waiting [two, three], taken [two, three]to four: ", chat.out().text());
            assertEquals(List.of("[one, two, three]",
                    "[one, two, three, to one: waiting [two, three], taken [two, three], four]"), histories);
        }
    }

    @Test
    @DisplayName("features #254: what was taken along is not lost when the run dies over it")
    void whatWasTakenAlongIsNotLost() throws Exception {
        // Given
        CountDownLatch never = new CountDownLatch(1);
        try (OfflineChat chat = OfflineChat.with(ChatAgent.builder("tested").run(turn -> {
            turn.answer().text("to " + turn.userText() + ";");
            turn.answer().flush();
            if (turn.run().generation() == 1) {
                go.await();
                turn.takePendingMessages();
                turn.answer().text("taken");
                turn.answer().flush();
                never.await();
            }
        }).onRecoveryBoot(_ -> RecoveryPlan.ANSWER_ANEW).build())) {
            chat.post("one");
            chat.awaitText("to one");
            chat.post("two");
            go.countDown();
            chat.awaitText("taken");

            // When
            chat.crash();
            chat.awaitQuiet();

            // Then
            assertEquals("to one;takento one;to two;", chat.out().text());
        }
    }

    @Test
    @DisplayName("features #218, #253: a message that is refused stays behind, and what comes after it too")
    void aMessageThatIsRefusedHasItsOwnErrorTurn() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(taking().onValidateMessages(event -> {
            if (History.text(event.message()).equals("bad")) {
                throw new IllegalArgumentException("not with me");
            }
            return event.message();
        }).build())) {
            chat.post("one");
            chat.awaitText("to one");
            chat.post("two");
            chat.post("bad");
            chat.post("three");

            // When
            go.countDown();
            chat.awaitQuiet();

            // Then
            assertEquals("to one: waiting [two, bad, three], taken [two]to three: ", chat.out().text());
            assertEquals(List.of("not with me"), refused);
        }
    }

    @Test
    @DisplayName("features #253: only messages are taken along, in their order, and what else waits keeps its turn")
    void anActionThatWaitsIsNotPassedOver() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(taking()
                .onAction(JsonNode.class, event -> event.turn().answer().text("acted;")).build())) {
            chat.post("one");
            chat.awaitText("to one");
            chat.post("two");
            chat.postAction("a");
            chat.post("three");

            // When
            go.countDown();
            chat.awaitQuiet();

            // Then
            assertEquals("to one: waiting [two], taken [two]acted;to three: ", chat.out().text());
        }
    }

    @Test
    @DisplayName("features #252: without being taken along, messages are turns of their own in the order in which they came")
    void messagesAreTurnsOfTheirOwn() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(ChatAgent.builder("tested").run(turn -> {
            turn.answer().text(turn.userText() + ";");
            turn.answer().flush();
            go.await();
        }).build())) {
            chat.post("one");
            chat.awaitText("one;");
            chat.post("two");
            chat.post("three");

            // When
            go.countDown();
            chat.awaitQuiet();

            // Then
            assertEquals("one;two;three;", chat.out().text());
        }
    }

    @Test
    void messagesCanOnlyBeTakenAlongInRun() throws Exception {
        // Given
        List<TurnOverException> late = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(ChatAgent.builder("tested").run(turn -> turn.answer().text("x"))
                .onTurnStart(event -> late.add(
                        assertThrows(TurnOverException.class, () -> event.turn().takePendingMessages())))
                .onTurnComplete(event -> late.add(
                        assertThrows(TurnOverException.class, () -> event.turn().takePendingMessages())))
                .build())) {
            // When
            chat.send("one");

            // Then
            assertEquals(2, late.size());
        }
    }
}
