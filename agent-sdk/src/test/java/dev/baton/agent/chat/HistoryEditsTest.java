package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.testing.OfflineChat;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** features #242, #244, #245, PROTOCOL 4.11. */
@Timeout(30)
class HistoryEditsTest {
    private final List<Exception> errors = new ArrayList<>();

    private ChatAgent.Builder<JsonNode> agent() {
        return ChatAgent.builder("tested").run(turn -> turn.answer().text("heard " + texts(turn.history())))
                .onTurnComplete(event -> event.error().ifPresent(errors::add));
    }

    private static List<String> texts(History history) {
        return history.messages().stream().map(History::text).toList();
    }

    private static ObjectNode message(String id, String role, String text) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("id", id).put("role", role);
        message.putArray("parts").addObject().put("type", "text").put("text", text);
        return message;
    }

    private static UnaryOperator<History> summary() {
        return history -> new History(List.of(message("s", "assistant", "in short"), history.messages().getLast()));
    }

    @Test
    @DisplayName("features #244: an edit in a hook is seen by run, by later turns and by the run after this one")
    void anEditIsSeenByEverybodyFromThereOn() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().onTurnStart(event -> {
            if (event.turn().userText().equals("forget")) {
                event.turn().editHistory(summary());
            }
        }).build())) {
            chat.send("one");

            // When
            String now = chat.send("forget").text();
            String later = chat.send("two").text();
            chat.endRun();
            String byAnother = chat.send("three").text();

            // Then
            assertEquals("heard [in short, forget]", now);
            assertEquals("heard [in short, forget, heard [in short, forget], two]", later);
            assertTrue(byAnother.startsWith("heard [in short, forget, heard [in short, forget], two, "), byAnother);
        }
    }

    @Test
    @DisplayName("features #244: several edits of one turn compose")
    void editsCompose() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().onTurnStart(event -> {
            if (event.turn().userText().equals("edit")) {
                event.turn().editHistory(history -> history.with(message("n", "user", "new")));
                event.turn().editHistory(history -> history.with(message("n", "user", "newer")));
                event.turn().editHistory(history -> history.without("u1"));
            }
        }).build())) {
            chat.send("one");
            chat.send("edit");
            chat.endRun();

            // When
            String text = chat.send("two").text();

            // Then the new message went to the end, as far as it reached then
            assertEquals("heard [heard [one], edit, newer, heard [heard [one], edit, newer], two]", text);
        }
    }

    @Test
    @DisplayName("features #224: an edit in onBeforeTurnComplete may change the answer itself, and onTurnComplete sees it")
    void theAnswerCanBeEditedWhenItIsWritten() throws Exception {
        // Given
        List<String> responses = new ArrayList<>();
        List<List<String>> conversations = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().onBeforeTurnComplete(event -> event.turn().editHistory(
                history -> history.with(message(event.turn().answer().messageId(), "assistant", "redacted"))))
                .onTurnComplete(event -> {
                    responses.add(History.text(event.responseMessage().orElseThrow()));
                    conversations.add(texts(new History(event.messages())));
                }).build())) {
            chat.send("one");
            chat.endRun();

            // When
            String text = chat.send("two").text();

            // Then
            assertEquals("heard [one, redacted, two]", text);
            assertEquals(List.of("redacted", "redacted"), responses);
            assertEquals(List.of("one", "redacted", "two", "redacted"), conversations.getLast());
        }
    }

    @Test
    @DisplayName("features #231: an action edits the history")
    void anActionEditsTheHistory() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().onAction(JsonNode.class,
                event -> event.turn().editHistory(history -> history.upTo(event.action().asText()))).build())) {
            chat.send("one");
            chat.send("two");
            chat.action("u1");
            chat.endRun();

            // When
            String text = chat.send("three").text();

            // Then
            assertEquals("heard [one, three]", text);
        }
    }

    @Test
    void anEditOfATurnThatARunDiedOverIsMadeAgainByTheNextOne() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().onTurnStart(event -> {
            if (event.turn().userText().equals("two")) {
                event.turn().editHistory(history -> history.without("u1"));
            }
        }).run(turn -> {
            turn.answer().text("heard " + texts(turn.history()));
            if (turn.userText().equals("two") && turn.run().generation() == 1) {
                turn.answer().flush();
                new java.util.concurrent.CountDownLatch(1).await();
            }
        }).onRecoveryBoot(_ -> RecoveryPlan.ANSWER_ANEW).build())) {
            chat.send("one");
            chat.post("two");
            chat.awaitText("two");

            // When
            chat.crash();
            chat.awaitQuiet();

            // Then
            assertEquals("heard [heard [one], two, heard [heard [one], two], three]", chat.send("three").text());
        }
    }

    @Test
    @DisplayName("issue, Bad use: an edit outside a hook, in time and in threads, says where to edit")
    void anEditOutsideOfAHookIsRefused() throws Exception {
        // Given
        List<Turn<JsonNode>> turns = new ArrayList<>();
        List<Exception> late = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().onTurnStart(event -> {
            turns.add(event.turn());
            Callable<HistoryEditException> edit = () -> assertThrows(HistoryEditException.class,
                    () -> event.turn().editHistory(summary()));
            FutureTask<HistoryEditException> elsewhere = new FutureTask<>(edit);
            Thread.ofVirtual().name("elsewhere").start(elsewhere);
            late.add(elsewhere.get());
        }).onTurnComplete(event -> late.add(
                assertThrows(HistoryEditException.class, () -> event.turn().editHistory(summary())))).build())) {
            // When
            chat.send("one");

            // Then
            assertEquals("expected an edit of the history in a hook or in run, but it came from the thread 'elsewhere':"
                    + " hand its result to the thread of the turn and edit there", late.getFirst().getMessage());
            assertEquals("expected an edit of the history before the end of the turn, but it is over:"
                    + " edit in onBeforeTurnComplete, or in the next turn", late.getLast().getMessage());
            assertThrows(HistoryEditException.class, () -> turns.getFirst().editHistory(summary()));
        }
    }

    @Test
    void anEditThatCannotBeStoredIsAnErrorOfTheTurnAndChangesNothing() throws Exception {
        // Given
        ObjectNode nameless = message("", "user", "nobody");
        ObjectNode large = message("l", "user", "x".repeat(AnswerStream.CHUNK_BYTES_MAX));
        try (OfflineChat chat = OfflineChat.with(agent().onTurnStart(event -> {
            switch (event.turn().userText()) {
                case "nameless" -> event.turn().editHistory(history -> history.with(nameless));
                case "large" -> event.turn().editHistory(history -> history.with(large));
                default -> {
                }
            }
        }).run(turn -> {
            turn.answer().text("heard " + texts(turn.history()));
            if (turn.userText().equals("own answer")) {
                turn.editHistory(history -> history.without(turn.answer().messageId()));
            }
        }).build())) {
            // When
            chat.send("nameless");
            chat.send("large");
            chat.send("own answer");

            // Then
            assertInstanceOf(HistoryEditException.class, errors.get(0));
            assertInstanceOf(ChunkTooLargeException.class, errors.get(1));
            assertEquals(
                    "expected the answer to be left alone while it is being written: edit it in onBeforeTurnComplete",
                    assertInstanceOf(HistoryEditException.class, errors.get(2)).getMessage());
            assertEquals("heard [nameless, large, own answer, heard [nameless, large, own answer], two]",
                    chat.send("two").text());
        }
    }

    @Test
    void anAgentThatKeepsTheHistoryEditsItThere() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().hydrateMessages(ChatEvent.HydrateMessages::previousMessages)
                .onTurnStart(event -> event.turn().editHistory(summary())).build())) {
            // When
            chat.send("one");

            // Then
            assertEquals("expected no edit, because this agent keeps the history itself:"
                    + " change what hydrateMessages returns", errors.getFirst().getMessage());
        }
    }

    @Test
    @DisplayName("features #242, #243: results of tools are new until the message with them is merged")
    void resultsOfToolsAreNewUntilTheyAreMerged() {
        // Given
        ObjectNode answer = WireJson.MAPPER.createObjectNode().put("id", "a").put("role", "assistant");
        answer.putArray("parts").addObject().put("type", "tool-ask").put("toolCallId", "c").put("state",
                "output-available");

        // When, Then
        assertEquals(List.of("c"), new History(List.of()).newToolResults(answer).stream().map(ToolCall::id).toList());
        assertEquals(List.of(), new History(List.of(answer)).newToolResults(answer));
    }
}
