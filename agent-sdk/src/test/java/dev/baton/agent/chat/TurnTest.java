package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class TurnTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static ChatAgent.Builder<JsonNode> agent() {
        return ChatAgent.builder("tested");
    }

    private static ChatAgent.Builder<JsonNode> parrot() {
        return agent().run(turn -> turn.answer().text("heard " + turn.userText()));
    }

    private static ObjectNode data(String text) {
        return WireJson.MAPPER.createObjectNode().put("type", "data-note").put("data", text);
    }

    private static String text(ObjectNode message) {
        return message.path("role").asText() + ": " + History.text(message);
    }

    @Test
    @DisplayName("features #334: nothing internal of an error reaches the browser")
    void anErrorIsNotToldToTheBrowser() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.answer().text("so far ");
            throw new IllegalStateException("jdbc:secret");
        }).build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals("An error occurred.", answer.error().orElseThrow());
            assertFalse(answer.records().toString().contains("secret"));
            assertEquals(List.of("start", "start-step", "text-start", "text-delta", "text-end", "error",
                    "turn-complete"), answer.outline());
        }
    }

    @Test
    @DisplayName("features #277, #328: an agent words its errors itself; failing words and no words are the default, long ones are cut")
    void anAgentWordsItsErrors() throws Exception {
        // Given
        ChatAgent<JsonNode> agent = agent().run(turn -> {
            throw new IllegalStateException(turn.userText());
        }).onError(error -> switch (error.getMessage()) {
            case "throw" -> throw new IllegalArgumentException("in onError");
            case "none" -> null;
            case "long" -> "x".repeat(2_000);
            default -> "sorry about " + error.getMessage();
        }).build();
        try (OfflineChat chat = OfflineChat.with(agent)) {
            // When / Then
            assertEquals("sorry about it", chat.send("it").error().orElseThrow());
            assertEquals(ChatAgent.ERROR_TEXT_DEFAULT, chat.send("throw").error().orElseThrow());
            assertEquals(ChatAgent.ERROR_TEXT_DEFAULT, chat.send("none").error().orElseThrow());
            assertEquals(1_000, chat.send("long").error().orElseThrow().length());
        }
    }

    @Test
    @DisplayName("features #218: what onValidateMessages returns is answered")
    void aValidatedMessageReplacesTheOneThatCame() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(parrot().onValidateMessages(event -> {
            ObjectNode checked = event.message().deepCopy();
            ((ObjectNode) checked.path("parts").get(0)).put("text", "***");
            return checked;
        }).build())) {
            // When / Then
            assertEquals("heard ***", chat.send("rude").text());
        }
    }

    @Test
    void aValidatedMessageKeepsItsId() throws Exception {
        // Given
        AtomicReference<Exception> error = new AtomicReference<>();
        try (OfflineChat chat = OfflineChat.with(parrot()
                .onValidateMessages(event -> event.message().deepCopy().put("id", "other"))
                .onTurnComplete(event -> error.set(event.error().orElseThrow())).build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(List.of("error", "turn-complete"), answer.outline());
            assertTrue(error.get().getMessage().contains("keep the id"), error.get().getMessage());
        }
    }

    @Test
    void whatAHookDoesToMessagesInPlaceStaysWithIt() throws Exception {
        // Given
        List<String> seen = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(parrot().onTurnStart(event -> {
            event.turn().history().messages().forEach(message -> seen.add(text(message)));
            event.turn().history().messages().forEach(ObjectNode::removeAll);
        }).onValidateMessages(event -> {
            event.message().put("id", "other");
            return event.message().put("id", event.message().path("parts").get(0).path("text").asText());
        }).build())) {
            // When
            OfflineAnswer refused = chat.send("u2");
            OfflineAnswer fine = chat.send("u2");
            chat.send("u3");

            // Then
            assertTrue(refused.error().isPresent());
            assertEquals("heard ", fine.text());
            assertEquals(List.of("user: u2", "user: u2", "user: u2", "user: u2", "assistant: heard ", "user: u3"),
                    seen);
        }
    }

    @Test
    @DisplayName("features #219: what hydrateMessages returns is the history")
    void hydrateMessagesDecidesWhatTheHistoryIs() throws Exception {
        // Given
        List<Integer> incoming = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().hydrateMessages(event -> {
            incoming.add(event.incoming().isPresent() ? 1 : 0);
            List<ObjectNode> mine = new ArrayList<>();
            mine.add(data("from my table").put("role", "user").put("id", "old"));
            event.incoming().ifPresent(mine::add);
            return mine;
        }).run(turn -> turn.answer().text(turn.history().messages().size() + " " + turn.userText()))
                .onAction(JsonNode.class, event -> event.turn().answer()
                        .text("action with " + event.turn().history().messages().size()))
                .build())) {
            // When / Then
            assertEquals("2 one", chat.send("one").text());
            assertEquals("2 two", chat.send("two").text());
            assertEquals("action with 1", chat.action("x").text());
            assertEquals(List.of(1, 1, 0), incoming);
        }
    }

    @Test
    @DisplayName("features #224, #225: late parts join the answer, and onTurnComplete has all of it")
    void whatIsWrittenBeforeTheTurnIsCompleteJoinsTheAnswer() throws Exception {
        // Given
        List<String> seen = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(parrot().onBeforeTurnComplete(event -> {
            seen.add(text(event.responseMessage().orElseThrow()));
            event.turn().answer().write(data("late"));
        }).onTurnComplete(event -> {
            seen.add(event.responseMessage().orElseThrow().path("parts").toString());
            event.messages().forEach(message -> seen.add(text(message)));
        }).build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(List.of("start", "start-step", "text-start", "text-delta", "text-end", "data-note",
                    "finish-step", "finish", "turn-complete"), answer.outline());
            assertEquals("assistant: heard hi", seen.get(0));
            assertTrue(seen.get(1).contains("late"), seen.get(1));
            assertEquals(List.of("user: hi", "assistant: heard hi"), seen.subList(2, 4));
        }
    }

    @Test
    @DisplayName("features #227, #250: a stop ends the turn and not the run; the partial answer is kept and can be added to")
    void aStoppedTurnKeepsWhatItHas() throws Exception {
        // Given
        CountDownLatch cancelled = new CountDownLatch(1);
        List<String> complete = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.stopSignal().onRaise(cancelled::countDown);
            turn.answer().text("part of " + turn.userText());
            if (turn.number() == 0) {
                cancelled.await();
            }
        }).onBeforeTurnComplete(event -> event.turn().answer().write(data("stopped")))
                .onTurnComplete(event -> complete.add(event.turn().stopped() + " "
                        + text(event.responseMessage().orElseThrow())))
                .build())) {
            chat.post("one");
            chat.awaitText("part of");

            // When
            chat.stop();
            chat.send("two");

            // Then
            assertEquals(List.of("true assistant: part of one", "false assistant: part of two"), complete);
            assertEquals(List.of("data-note", "abort", "turn-complete"), chat.out().outline().subList(5, 8));
            assertEquals(1, chat.runs().size());
        }
    }

    @Test
    @DisplayName("features #250: a stop that comes when the answer is written does not count")
    void aStopThatComesTooLateDoesNotCount() throws Exception {
        // Given
        List<Boolean> stopped = new ArrayList<>();
        CountDownLatch answered = new CountDownLatch(1);
        try (OfflineChat chat = OfflineChat.with(parrot().onBeforeTurnComplete(event -> {
            answered.countDown();
            event.turn().stopSignal().await(LONG);
            stopped.add(event.turn().stopped());
        }).onTurnComplete(event -> stopped.add(event.turn().stopped())).build())) {
            chat.post("hi");
            answered.await();

            // When
            chat.stop();

            // Then
            assertEquals(List.of("finish-step", "finish", "turn-complete"), chat.out().outline().subList(5, 8));
            assertEquals(List.of(false, false), stopped);
        }
    }

    @Test
    @DisplayName("features #174: the message of a turn that failed belongs to the history")
    void theMessageOfAFailedTurnStaysInTheHistory() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().onValidateMessages(event -> {
            if (History.text(event.message()).equals("bad")) {
                throw new IllegalArgumentException("refused");
            }
            return event.message();
        }).run(turn -> turn.answer().text(turn.history().messages().stream().map(History::text).toList().toString()))
                .build())) {
            chat.send("bad");

            // When / Then
            assertEquals("[bad, good]", chat.send("good").text());
        }
    }

    @Test
    @DisplayName("features #231: an action has its type, its answer belongs to the history, and it is no turn")
    void anActionIsAnsweredWithoutATurn() throws Exception {
        // Given
        record Undo(int steps) {}
        try (OfflineChat chat = OfflineChat.with(agent()
                .run(turn -> turn.answer().text(turn.number() + ": " + turn.history().messages().size()))
                .onAction(Undo.class, event -> event.turn().answer().text("undid " + event.action().steps()))
                .build())) {
            chat.send("one");

            // When
            OfflineAnswer undone = chat.action(new Undo(2));
            OfflineAnswer misfit = chat.action("what?");

            // Then
            assertEquals("undid 2", undone.text());
            assertEquals("This agent cannot read the action data it was sent.",
                    misfit.error().orElseThrow());
            assertEquals("1: 4", chat.send("two").text());
        }
    }

    @Test
    @DisplayName("features #274: a regeneration answers the same message under another id and does not see the old answer")
    void aRegenerationStartsFromTheQuestion() throws Exception {
        // Given
        AtomicInteger count = new AtomicInteger();
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> turn.answer().text(count.incrementAndGet() + " "
                + turn.history().messages().size() + " " + turn.userText() + " " + turn.trigger())).build())) {
            OfflineAnswer first = chat.send("why");

            // When
            OfflineAnswer second = chat.regenerate();

            // Then
            assertEquals("1 1 why SUBMIT", first.text());
            assertEquals("2 1 why REGENERATE", second.text());
            assertFalse(second.messageIds().equals(first.messageIds()));
        }
    }

    @Test
    @DisplayName("features #124: a chunk that is too large is refused by name, and the answer can go on without it")
    void aChunkThatIsTooLargeIsRefused() throws Exception {
        // Given
        AtomicReference<ChunkTooLargeException> refusal = new AtomicReference<>();
        String envelope = data("").toString();
        String largest = "x".repeat(AnswerStream.CHUNK_BYTES_MAX - envelope.length());
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.answer().write(data(largest));
            refusal.set(assertThrows(ChunkTooLargeException.class, () -> turn.answer().write(data(largest + "x"))));
            turn.answer().text("without it");
        }).build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals("without it", answer.text());
            assertEquals("data-note", refusal.get().chunkType());
            assertEquals(AnswerStream.CHUNK_BYTES_MAX + 1L, refusal.get().chunkBytes());
            assertEquals(1, answer.outline().stream().filter("data-note"::equals).count());
        }
    }

    @Test
    void nothingCanBeWrittenOrClosedAfterTheTurn() throws Exception {
        // Given
        List<Class<?>> refusals = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(parrot().onTurnComplete(event -> {
            Turn<JsonNode> turn = event.turn();
            refusals.add(assertThrows(IllegalStateException.class, () -> turn.answer().text("late")).getClass());
            refusals.add(assertThrows(IllegalStateException.class, () -> turn.answer().write(data(""))).getClass());
            refusals.add(assertThrows(IllegalStateException.class, () -> turn.close("late")).getClass());
        }).build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(List.of(TurnOverException.class, TurnOverException.class, TurnOverException.class), refusals);
            assertEquals("turn-complete", answer.outline().getLast());
        }
    }

    @Test
    @DisplayName("features #90, #207: a stop is for the turn that runs, and the next message is answered in full")
    void aStopAndAMessageAtOnceAreTakenInOrder() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.answer().text("begin " + turn.userText() + " ");
            if (turn.number() == 0) {
                turn.pause(LONG);
            }
            turn.answer().text("end");
        }).build())) {
            chat.post("one");
            chat.awaitText("begin one");

            // When
            chat.stop();
            OfflineAnswer second = chat.send("two");

            // Then
            assertEquals("begin two end", second.text());
            assertEquals("begin one begin two end", chat.out().text());
        }
    }

    @Test
    @DisplayName("features #241: a local is there from its init to the end of the run, and read before that it says what to do")
    void localsLiveAsLongAsTheRun() throws Exception {
        // Given
        Local<AtomicInteger> counter = Local.of("counter", AtomicInteger.class);
        List<Exception> errors = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().onBoot(event -> {
            if (event.run().generation() < 3) {
                event.run().locals().init(counter, new AtomicInteger());
            }
        }).run(turn -> turn.answer().text("" + turn.run().locals().get(counter).incrementAndGet()))
                .onTurnComplete(event -> event.error().ifPresent(errors::add)).build())) {
            // When / Then
            assertEquals("1", chat.send("a").text());
            assertEquals("2", chat.send("b").text());
            chat.endRun();
            assertEquals("1", chat.send("c").text());
            chat.endRun();
            assertTrue(chat.send("d").error().isPresent());
            assertEquals("expected the local 'counter' to be initialised in this run, but it is not: call"
                    + " locals().init(…) in onBoot, which every run goes through",
                    assertInstanceOf(LocalNotInitializedException.class, errors.getFirst()).getMessage());
        }
    }

    @Test
    @DisplayName("issue, Bad use: two chunks with clashing ids are refused, and the answer can go on")
    void clashingIdsAreRefused() throws Exception {
        // Given
        List<String> refusals = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            AnswerStream answer = turn.answer();
            ObjectNode reasoning = WireJson.MAPPER.createObjectNode().put("type", "reasoning-start").put("id", "r");
            answer.write(reasoning);
            refusals.add(assertThrows(ClashingChunkException.class, () -> answer.write(reasoning)).getMessage());
            answer.write(reasoning.deepCopy().put("type", "reasoning-end"));
            answer.write(reasoning);
            answer.toolCall("c", "look", WireJson.MAPPER.createObjectNode());
            refusals.add(assertThrows(ClashingChunkException.class,
                    () -> answer.toolCall("c", "look", WireJson.MAPPER.createObjectNode())).getMessage());
            assertThrows(IllegalArgumentException.class,
                    () -> answer.toolCall("d", " ", WireJson.MAPPER.createObjectNode()));
            answer.toolOutput("c", WireJson.MAPPER.valueToTree("seen"));
        }).build())) {
            // When
            OfflineAnswer answer = chat.send("one");

            // Then
            assertEquals(List.of(
                    "expected the id of a reasoning to be new in this answer, but 'r' is taken: give each one its own",
                    "expected the id of a tool call to be new in this answer, but 'c' is taken: give each one its own"),
                    refusals);
            assertEquals(List.of("start", "start-step", "reasoning-start", "reasoning-end", "reasoning-start",
                    "tool-input-available", "tool-output-available", "finish-step", "finish", "turn-complete"),
                    answer.outline());
        }
    }

    @Test
    @DisplayName("features #225: onTurnComplete knows how the answer ended, and the cursor behind the turn")
    void theEndOfATurnIsToldWithItsCursor() throws Exception {
        // Given
        List<String> ends = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.answer().text("x");
            switch (turn.userText()) {
                case "length" -> turn.answer().finishReason(FinishReason.LENGTH);
                case "fail" -> throw new IllegalStateException("no");
                default -> {
                }
            }
        }).onTurnComplete(event -> ends.add(event.finishReason().map(FinishReason::text).orElse("-") + " "
                + event.lastEventId())).build())) {
            // When
            long first = chat.send("length").records().getLast().seq();
            long second = chat.send("fail").records().getLast().seq();
            long third = chat.send("as always").records().getLast().seq();

            // Then
            assertEquals(List.of("length " + first, "error " + second, "- " + third), ends);
        }
    }
}
