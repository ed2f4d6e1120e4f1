package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class ToolCallsTest {
    private static final JsonNode CAKE = WireJson.MAPPER.valueToTree(Map.of("what", "cake"));

    private final List<String> complete = new ArrayList<>();

    private ChatAgent.Builder<JsonNode> agent(Hook<Turn<JsonNode>> run) {
        return ChatAgent.builder("tools").run(run)
                .onTurnComplete(event -> complete.add(event.messages().size() + " messages, calls "
                        + event.responseMessage().map(message -> states(History.toolCalls(message))).orElse("none")));
    }

    private static String states(List<ToolCall> calls) {
        return calls.stream().map(call -> call.toolName() + " " + call.state()).toList().toString();
    }

    /** Asks whether it may buy, then buys or does not. */
    private static void buy(Turn<JsonNode> turn) throws InterruptedException {
        List<ToolCall> calls = turn.history().toolCalls();
        if (calls.isEmpty()) {
            turn.answer().toolCall("c1", "buy", CAKE);
            turn.answer().requestApproval("c1");
            return;
        }
        ToolCall call = calls.getLast();
        switch (call.state()) {
            case APPROVED -> {
                turn.answer().toolOutput(call.id(), WireJson.MAPPER.valueToTree("bought " + call.input().path("what")
                        .asText()));
                turn.answer().text("Done.");
            }
            case DENIED -> {
                turn.answer().toolDenied(call.id());
                turn.answer().text("As you like.");
            }
            case INCOMPLETE, AVAILABLE, APPROVAL_REQUESTED, DONE, FAILED -> turn.answer().text("?" + call.state());
        }
    }

    @Test
    @DisplayName("features #224: onBeforeTurnComplete sees the calls that wait for somebody, and an edit there keeps them")
    void callsThatWaitAreThereBeforeTheTurnIsComplete() throws Exception {
        // Given
        List<String> seen = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent(ToolCallsTest::buy).onBeforeTurnComplete(event -> {
            seen.add(states(History.toolCalls(event.responseMessage().orElseThrow())));
            event.turn().editHistory(history -> new History(history.messages().reversed()));
        }).build())) {
            // When
            chat.send("buy cake");

            // Then
            assertEquals(List.of("[buy APPROVAL_REQUESTED]"), seen);
            assertEquals(List.of("2 messages, calls [buy APPROVAL_REQUESTED]"), complete);
        }
    }

    @Test
    @DisplayName("features #229, #271: an approval is a turn of its own that goes on with the same message")
    void anApprovedCallIsExecutedInTheSameMessage() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent(ToolCallsTest::buy).build())) {
            OfflineAnswer question = chat.send("buy cake");

            // When
            OfflineAnswer answer = chat.approveTool(question.waitingToolCalls().getFirst(), true);

            // Then
            assertEquals(List.of("start", "start-step", "tool-input-available", "tool-approval-request", "finish-step",
                    "finish", "turn-complete"), question.outline());
            assertEquals(List.of("start", "start-step", "tool-output-available", "text-start", "text-delta", "text-end",
                    "finish-step", "finish", "turn-complete"), answer.outline());
            assertEquals(question.messageIds(), answer.messageIds());
            assertEquals(List.of("2 messages, calls [buy APPROVAL_REQUESTED]", "2 messages, calls [buy DONE]"),
                    complete);
        }
    }

    @Test
    @DisplayName("contract §5.4: words do not join outcomes of all calls in their step, so that no page takes those for its user's")
    void wordsDoNotJoinTheOutcomesOfAStep() throws Exception {
        // Given
        ChatAgent<JsonNode> agent = ChatAgent.builder("weather").run(turn -> {
            for (String word : turn.userText().split(" ")) {
                switch (word.charAt(0)) {
                    case 'c' -> turn.answer().toolCall(word, "sky", WireJson.MAPPER.createObjectNode());
                    case 'o' -> turn.answer().toolOutput("c" + word.substring(1), WireJson.MAPPER.createObjectNode());
                    case 'p' -> turn.answer().write(WireJson.MAPPER.createObjectNode()
                            .put("type", "tool-output-available").put("toolCallId", "c" + word.substring(1))
                            .put("preliminary", true).put("output", "half"));
                    default -> turn.answer().text(word);
                }
            }
        }).build();

        // When, then
        assertEquals("c o | text", stepsOf(agent, "c o It rains."));
        assertEquals("c o", stepsOf(agent, "c o"));
        assertEquals("text c o", stepsOf(agent, "Wait. c o"));
        assertEquals("c1 o1 c2 o2 | text", stepsOf(agent, "c1 o1 c2 o2 It rains."));
        assertEquals("c1 o1 c2 text", stepsOf(agent, "c1 o1 c2 Where?"));
        assertEquals("c p text o", stepsOf(agent, "c p Half. o"));
        assertEquals("c1 o1 | text c2", stepsOf(agent, "c1 o1 It c2"));
    }

    /** Calls, outcomes and texts as they were written, {@code |} between steps. */
    private static String stepsOf(ChatAgent<JsonNode> agent, String text) throws Exception {
        try (OfflineChat chat = OfflineChat.with(agent)) {
            return chat.send(text).chunks().stream().map(chunk -> switch (chunk.path("type").asText()) {
                case "finish-step" -> "|";
                case "text-start" -> "text";
                case "tool-input-available" -> chunk.path("toolCallId").asText();
                case "tool-output-available" -> (chunk.path("preliminary").asBoolean() ? "p" : "o")
                        + chunk.path("toolCallId").asText().substring(1);
                default -> "";
            }).filter(word -> !word.isEmpty()).collect(Collectors.joining(" ")).replaceFirst(" \\|$", "");
        }
    }

    @Test
    @DisplayName("features #271: a call that was not approved is denied")
    void aCallThatWasNotApprovedIsDenied() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent(ToolCallsTest::buy).build())) {
            OfflineAnswer question = chat.send("buy cake");

            // When
            OfflineAnswer answer = chat.approveTool(question.waitingToolCalls().getFirst(), false);

            // Then
            assertEquals("As you like.", answer.text());
            assertEquals("2 messages, calls [buy DENIED]", complete.getLast());
        }
    }

    @Test
    @DisplayName("features #255: an approval that comes twice is one turn, and so is an answer that a client gave")
    void anAnswerThatComesTwiceIsOneTurn() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent(ToolCallsTest::buy).build())) {
            ToolCall call = chat.send("buy cake").waitingToolCalls().getFirst();
            chat.approveTool(call, true);

            // When
            OfflineAnswer again = chat.approveTool(call, true);
            OfflineAnswer other = chat.answerTool(call, "something else");

            // Then
            assertEquals(List.of(), again.outline());
            assertEquals(List.of(), other.outline());
            assertEquals(2, complete.size());
        }
    }

    @Test
    @DisplayName("features #270: a person's answer may come when the run that asked is long gone")
    void aPersonMayAnswerInAnotherRun() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent(turn -> {
            List<ToolCall> calls = turn.history().toolCalls();
            if (calls.isEmpty()) {
                turn.answer().toolCall("q1", "ask", CAKE);
            } else {
                turn.answer().text("You chose " + calls.getLast().output().asText() + ", " + turn.userText());
            }
        }).build())) {
            OfflineAnswer question = chat.send("surprise me");
            chat.endRun();

            // When
            OfflineAnswer answer = chat.answerTool(question.waitingToolCalls().getFirst(), "pie");

            // Then
            assertEquals("You chose pie, surprise me", answer.text());
            assertEquals(question.messageIds(), answer.messageIds());
            assertEquals(2, chat.runs().size());
        }
    }

    @Test
    @DisplayName("features #187, #211: a run that dies over an approval leaves it to the next one, in the same message")
    void anApprovalSurvivesACrash() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent(turn -> {
            if (turn.run().generation() == 1 && !turn.history().toolCalls().isEmpty()) {
                turn.answer().text("wait ");
                turn.answer().flush();
                turn.pause(Duration.ofMinutes(1));
            }
            buy(turn);
        }).build())) {
            OfflineAnswer question = chat.send("buy cake");
            chat.postApproval(question.waitingToolCalls().getFirst(), true);
            chat.awaitText("wait");

            // When
            chat.crash();
            chat.awaitQuiet();

            // Then
            assertEquals("wait Done.", chat.out().text());
            assertEquals(1, chat.out().messageIds().size());
            assertEquals("2 messages, calls [buy DONE]", complete.getLast());
        }
    }

    @Test
    @DisplayName("features #218, #219: answers to tool calls are validated as they came and laid over a hydrated history")
    void aHydratedHistoryGetsTheAnswers() throws Exception {
        // Given
        List<String> validated = new ArrayList<>();
        List<ObjectNode> rows = new ArrayList<>();
        ChatAgent<JsonNode> agent = ChatAgent.builder("tools").onValidateMessages(event -> {
            validated.add(event.message().path("role").asText());
            return event.message();
        }).hydrateMessages(event -> {
            event.incoming().ifPresent(rows::add);
            return rows;
        }).run(ToolCallsTest::buy).onTurnComplete(event -> {
            rows.clear();
            rows.addAll(event.messages());
        }).build();
        try (OfflineChat chat = OfflineChat.with(agent)) {
            OfflineAnswer question = chat.send("buy cake");

            // When
            OfflineAnswer answer = chat.approveTool(question.waitingToolCalls().getFirst(), true);

            // Then
            assertEquals("Done.", answer.text());
            assertEquals(List.of("user", "assistant"), validated);
            assertEquals(2, rows.size());
            assertEquals("[buy DONE]", states(History.toolCalls(rows.getLast())));
        }
    }

    @Test
    void aCallNamesItsTool() throws Exception {
        // Given
        AtomicReference<Exception> error = new AtomicReference<>();
        try (OfflineChat chat = OfflineChat.with(ChatAgent.builder("tools")
                .run(turn -> turn.answer().toolCall("c1", " ", CAKE))
                .onTurnComplete(event -> error.set(event.error().orElseThrow())).build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(List.of("error", "turn-complete"), answer.outline());
            assertTrue(error.get().getMessage().contains("expected the call c1 to name its tool"));
        }
    }

    @Test
    void aCallThatFailsSaysSo() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent(turn -> {
            turn.answer().toolCall("c1", "buy", CAKE);
            turn.answer().toolError("c1", "sold out");
        }).build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(List.of(), answer.waitingToolCalls());
            assertEquals(List.of("2 messages, calls [buy FAILED]"), complete);
        }
    }
}
