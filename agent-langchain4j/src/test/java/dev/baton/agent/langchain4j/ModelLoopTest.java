package dev.baton.agent.langchain4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.History;
import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.langchain4j.testing.ScriptedModel;
import dev.baton.agent.langchain4j.testing.ScriptedModel.Reply;
import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class ModelLoopTest {
    private static final List<String> END = List.of("finish-step", "finish", "turn-complete");

    private final List<String> executed = new ArrayList<>();
    private final AtomicReference<Exception> error = new AtomicReference<>();
    private ObjectNode response;

    private final AgentTool price = AgentTool.of(spec("price"), input -> {
        executed.add("price of " + input.path("of").asText());
        return Map.of("euro", 4);
    });
    private final AgentTool buy = AgentTool.of(spec("buy"), input -> {
        executed.add("buy " + input.path("what").asText());
        return "bought";
    }).needsApproval();

    private static ToolSpecification spec(String name) {
        return ToolSpecification.builder().name(name).description("for tests").build();
    }

    private OfflineChat chat(ModelLoop loop) {
        return OfflineChat.with(ChatAgent.builder("model").run(loop::answer).onTurnComplete(event -> {
            response = event.responseMessage().orElse(null);
            event.error().ifPresent(error::set);
        }).build());
    }

    private static JsonNode chunk(OfflineAnswer answer, String type) {
        return answer.chunks().stream().filter(chunk -> chunk.path("type").asText().equals(type)).reduce((_, b) -> b)
                .orElseThrow(() -> new AssertionError("expected a " + type + ", but " + answer.outline()));
    }

    private static List<String> with(List<String> outline, List<String> end) {
        List<String> all = new ArrayList<>(outline);
        all.addAll(end);
        return all;
    }

    @Test
    void whatTheModelSaysIsWrittenWhileItSaysIt() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.reasoning("The user greets.").andText("Hello there"));
        try (OfflineChat chat = chat(ModelLoop.builder(model).system("Be brief.").build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(with(List.of("start", "start-step", "reasoning-start", "reasoning-delta", "reasoning-delta",
                    "reasoning-delta", "reasoning-end", "text-start", "text-delta", "text-delta", "text-end"), END),
                    answer.outline());
            assertEquals(List.of(SystemMessage.from("Be brief."), UserMessage.from("hi")),
                    model.requests().getFirst().messages());
            assertEquals("The user greets.", response.at("/parts/1/text").asText());
            assertEquals("Hello there", response.at("/parts/2/text").asText());
        }
    }

    @Test
    @DisplayName("features #225: an answer says why it ended and what it took")
    void anAnswerSaysWhyItEndedAndWhatItTook() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "price", "{\"of\":\"tea\"}"), Reply.text("Four euro"));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(price).build())) {
            // When
            OfflineAnswer answer = chat.send("what is tea?");

            // Then: 1 and 3 messages in, 1 and 2 words out
            assertEquals("stop", chunk(answer, "finish").path("finishReason").asText());
            assertEquals("{\"usage\":{\"inputTokens\":4,\"outputTokens\":3,\"totalTokens\":7}}",
                    chunk(answer, "finish").path("messageMetadata").toString());
            assertEquals(7, response.at("/metadata/usage/totalTokens").asInt());
        }
    }

    @Test
    void aToolIsExecutedAndTheModelAskedAgain() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(
                Reply.text("Let me look.").andCall("c1", "price", "{\"of\": \"tea\"}").andCall("c2", "price", ""),
                Reply.text("Four euro."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(price).build())) {
            // When
            OfflineAnswer answer = chat.send("what is tea?");

            // Then
            assertEquals(with(List.of("start", "start-step", "text-start", "text-delta", "text-delta", "text-delta",
                    "text-end", "tool-input-start", "tool-input-delta", "tool-input-delta", "tool-input-available",
                    "tool-output-available", "tool-input-available", "tool-output-available", "finish-step",
                    "start-step", "text-start", "text-delta", "text-delta", "text-end"), END), answer.outline());
            assertEquals(List.of("price of tea", "price of "), executed);
            List<ChatMessage> asked = model.requests().getLast().messages();
            assertEquals("Let me look.", ((AiMessage) asked.get(1)).text());
            assertEquals(ToolExecutionResultMessage.builder().id("c1").toolName("price").text("{\"euro\":4}")
                    .isError(false).build(), asked.get(2));
            assertEquals(4, asked.size());
            assertEquals("price", model.requests().getFirst().toolSpecifications().getFirst().name());
        }
    }

    @Test
    void theNextTurnKnowsTheCallsOfTheLastOne() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "price", "{\"of\":\"tea\"}"), Reply.text("Four euro."),
                Reply.text("Welcome."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(price).build())) {
            chat.send("what is tea?");
            List<ChatMessage> within = model.requests().getLast().messages();

            // When
            chat.send("thanks");

            // Then
            List<ChatMessage> later = model.requests().getLast().messages();
            assertEquals(within, later.subList(0, 3));
            assertEquals(List.of(AiMessage.from("Four euro."), UserMessage.from("thanks")), later.subList(3, 5));
        }
    }

    @Test
    @DisplayName("features #229, #271: a call that needs an approval ends the turn, and is executed when it is approved")
    void anApprovedCallIsExecuted() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "buy", "{\"what\":\"tea\"}"), Reply.text("Done."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(buy).build())) {
            OfflineAnswer question = chat.send("buy tea");
            List<String> executedBefore = List.copyOf(executed);

            // When
            OfflineAnswer answer = chat.approveTool(question.waitingToolCalls().getFirst(), true);

            // Then
            assertEquals(with(List.of("start", "start-step", "tool-input-start", "tool-input-delta",
                    "tool-input-available", "tool-approval-request"), END), question.outline());
            assertEquals("tool-calls", chunk(question, "finish").path("finishReason").asText());
            assertEquals(List.of(), executedBefore);
            assertEquals(with(List.of("start", "start-step", "tool-output-available", "text-start", "text-delta",
                    "text-end"), END), answer.outline());
            assertEquals(List.of("buy tea"), executed);
            assertEquals(question.messageIds(), answer.messageIds());
            assertEquals("bought", ((ToolExecutionResultMessage) model.requests().getLast().messages().getLast())
                    .text());
            assertEquals(6, response.at("/metadata/usage/totalTokens").asInt(), "that of both turns");
        }
    }

    @Test
    @DisplayName("features #271: a call that was not approved is not executed, and the model hears so")
    void aDeniedCallIsNotExecuted() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "buy", "{}"), Reply.text("As you like."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(buy).build())) {
            OfflineAnswer question = chat.send("buy tea");

            // When
            OfflineAnswer answer = chat.approveTool(question.waitingToolCalls().getFirst(), false);

            // Then
            assertEquals(with(List.of("start", "start-step", "tool-output-denied", "text-start", "text-delta",
                    "text-delta", "text-delta", "text-end"), END), answer.outline());
            assertEquals(List.of(), executed);
            assertEquals(ModelMessages.DENIED,
                    ((ToolExecutionResultMessage) model.requests().getLast().messages().getLast()).text());
        }
    }

    @Test
    void onlySomeInputsNeedAnApproval() throws Exception {
        // Given
        AgentTool careful = buy.needsApproval(input -> input.path("what").asText().equals("car"));
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "buy", "{\"what\":\"tea\"}"),
                Reply.call("c2", "buy", "{\"what\":\"car\"}"));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(careful).build())) {
            // When
            OfflineAnswer answer = chat.send("buy tea and a car");

            // Then
            assertEquals(List.of("buy tea"), executed);
            assertEquals(List.of("c2"), answer.waitingToolCalls().stream().map(ToolCall::id).toList());
        }
    }

    @Test
    @DisplayName("features #270: a tool of the client ends the turn, and its output goes to the model")
    void aToolOfTheClientIsAnsweredByIt() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "where", ""), Reply.text("Nice there."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(AgentTool.ofClient(spec("where"))).build())) {
            OfflineAnswer question = chat.send("how is it here?");

            // When
            OfflineAnswer answer = chat.answerTool(question.waitingToolCalls().getFirst(), Map.of("city", "Rome"));

            // Then
            assertEquals("Nice there.", answer.text());
            assertEquals("{\"city\":\"Rome\"}",
                    ((ToolExecutionResultMessage) model.requests().getLast().messages().getLast()).text());
        }
    }

    @Test
    void theModelIsNotAskedWhileACallWaits() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "buy", "{\"what\":\"tea\"}").andCall("c2", "where", ""),
                Reply.text("Done."));
        try (OfflineChat chat = chat(
                ModelLoop.builder(model).tool(buy).tool(AgentTool.ofClient(spec("where"))).build())) {
            OfflineAnswer question = chat.send("buy tea");

            // When
            OfflineAnswer first = chat.approveTool(question.waitingToolCalls().getFirst(), true);
            OfflineAnswer second = chat.answerTool(question.waitingToolCalls().getLast(), "Rome");

            // Then
            assertEquals(with(List.of("start", "start-step", "tool-output-available"), END), first.outline());
            assertEquals("Done.", second.text());
            assertEquals(2, model.requests().size());
        }
    }

    @Test
    void whoWritesInsteadOfAnsweringACallIsAnswered() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "buy", "{\"what\":\"tea\"}"), Reply.text("Then not."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(buy).build())) {
            chat.send("buy tea");

            // When
            OfflineAnswer answer = chat.send("forget it");

            // Then
            assertEquals("Then not.", answer.text());
            assertEquals(ModelMessages.UNANSWERED,
                    ((ToolExecutionResultMessage) model.requests().getLast().messages().get(2)).text());
        }
    }

    @Test
    void theModelAndTheClientHearWhatAToolSaysOfItsFailureAndNoMore() throws Exception {
        // Given
        AgentTool soldOut = AgentTool.of(spec("a"), _ -> {
            throw new ToolFailedException("Sold out.");
        });
        AgentTool broken = AgentTool.of(spec("b"), _ -> {
            throw new IllegalStateException("password 1234");
        });
        AgentTool talkative = AgentTool.of(spec("c"), _ -> "x".repeat(2_000_000));
        ScriptedModel model = ScriptedModel.of(
                Reply.call("c1", "a", "").andCall("c2", "b", "").andCall("c3", "c", "").andCall("c4", "d", "")
                        .andCall("c5", "a", "[1]"),
                Reply.text("Sorry."));
        try (OfflineChat chat = chat(
                ModelLoop.builder(model).tool(soldOut).tool(broken).tool(talkative).build())) {
            // When
            OfflineAnswer answer = chat.send("do it");

            // Then
            List<String> heard = model.requests().getLast().messages().stream()
                    .filter(ToolExecutionResultMessage.class::isInstance).map(ToolExecutionResultMessage.class::cast)
                    .map(result -> result.isError() + " " + result.text()).toList();
            assertEquals("true Sold out.", heard.get(0));
            assertEquals("true The tool failed.", heard.get(1));
            assertTrue(heard.get(2).startsWith("true expected a chunk of at most"), heard.get(2));
            assertEquals("true There is no tool d.", heard.get(3));
            assertEquals("true The input of a call must be a JSON object.", heard.get(4));
            assertEquals(heard.stream().map(text -> text.substring(5)).toList(),
                    answer.chunks().stream().map(chunk -> chunk.path("errorText")).filter(JsonNode::isTextual)
                            .map(JsonNode::asText).toList());
            assertEquals("Sorry.", answer.text().replace("[1]", ""));
        }
    }

    @Test
    void aModelThatNeverStopsCallingToolsIsAskedSoOftenAndNoMore() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.answering(_ -> Reply.call("", "price", ""));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(price).maxSteps(3).build())) {
            // When
            OfflineAnswer answer = chat.send("go");

            // Then
            assertEquals(3, model.requests().size());
            assertEquals(3, executed.size());
            assertEquals("tool-calls", chunk(answer, "finish").path("finishReason").asText());
            assertEquals(List.of(), answer.waitingToolCalls());
        }
    }

    @Test
    @DisplayName("features #250: a stop cancels the model; what it has said stays")
    void aStopCancelsTheModel() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.text("one two")).pause(Duration.ofMinutes(1));
        ScriptedModel quick = ScriptedModel.of(Reply.text("one two three"));
        StreamingChatModel hanging = new HangingModel(quick, 2);
        try (OfflineChat chat = chat(ModelLoop.builder(hanging).build());
                OfflineChat silent = chat(ModelLoop.builder(model).build())) {
            chat.post("count");
            chat.awaitText("one two");
            silent.post("count");

            // When
            chat.stop();
            silent.stop();

            // Then
            assertTrue(quick.cancelled(), "by its handle");
            assertEquals(List.of("start", "start-step", "text-start", "text-delta", "text-delta", "text-end", "abort",
                    "turn-complete"), chat.out().outline());
            assertEquals(List.of("turn-complete"), silent.out().outline());
        }
    }

    @Test
    void aModelThatFailsEndsTheTurnWithTheDefaultText() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.text("I").andFailure(new RateLimitException("key 1234")),
                Reply.text("Better now."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).build())) {
            // When
            OfflineAnswer failed = chat.send("hi");
            OfflineAnswer answer = chat.send("again");

            // Then
            assertEquals(ChatAgent.ERROR_TEXT_DEFAULT, failed.error().orElseThrow());
            assertEquals(List.of("start", "start-step", "text-start", "text-delta", "text-end", "error",
                    "turn-complete"), failed.outline());
            assertInstanceOf(RateLimitException.class, error.get());
            assertEquals("Better now.", answer.text());
        }
    }

    @Test
    void aModelThatIsSilentForTooLongHasFailed() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.text("well")).pause(Duration.ofMinutes(1));
        try (OfflineChat chat = chat(ModelLoop.builder(model).silenceMax(Duration.ofMillis(20)).build())) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals(List.of("error", "turn-complete"), answer.outline());
            assertInstanceOf(TimeoutException.class, error.get());
        }
    }

    @Test
    @DisplayName("features #229: a run that dies between the calls leaves its results to the successor")
    void aSuccessorGoesOnWithWhatWasWritten() throws Exception {
        // Given
        ScriptedModel first = ScriptedModel.of(Reply.reasoning("A price!").andCall("c1", "price", "{\"of\":\"tea\"}"),
                Reply.text("Four euro and"), Reply.text(" ten cents."));
        StreamingChatModel model = new HangingModel(first, 5);
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(price).build())) {
            chat.post("what is tea?");
            chat.awaitText("Four euro");

            // When
            chat.crash();
            chat.awaitQuiet();

            // Then
            assertEquals(List.of("price of tea"), executed);
            List<ChatMessage> asked = first.requests().getLast().messages();
            assertEquals("{\"euro\":4}", ((ToolExecutionResultMessage) asked.get(2)).text());
            assertEquals(AiMessage.from("Four euro"), asked.get(3));
            assertEquals(1, chat.out().messageIds().size());
        }
    }

    @Test
    void callsWithOneIdStayApart() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("0", "price", "{\"of\":\"tea\"}"),
                Reply.call("0", "price", "{\"of\":\"cake\"}"), Reply.text("Done."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(price).build())) {
            // When
            chat.send("tea and cake");

            // Then
            assertEquals(List.of("price of tea", "price of cake"), executed);
            assertEquals(2, History.toolCalls(response).stream().map(ToolCall::id).distinct().count());
            List<ChatMessage> asked = model.requests().getLast().messages();
            assertEquals(((AiMessage) asked.get(3)).toolExecutionRequests().getFirst().id(),
                    ((ToolExecutionResultMessage) asked.get(4)).id());
        }
    }

    @Test
    @DisplayName("features #253: a message that comes between two steps is heard behind them")
    void aMessageIsTakenAlongBetweenTwoSteps() throws Exception {
        // Given
        CountDownLatch posted = new CountDownLatch(1);
        AgentTool slow = AgentTool.of(spec("slow"), _ -> {
            posted.await();
            return "ready";
        });
        ScriptedModel model = ScriptedModel.of(Reply.text("A moment.").andCall("c1", "slow", ""),
                Reply.call("c2", "price", ""), Reply.text("Both."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(slow).tool(price).steerable().build())) {
            chat.post("one");
            chat.awaitText("A moment.");

            // When
            chat.post("two");
            posted.countDown();
            chat.awaitQuiet();

            // Then
            assertEquals(List.of("UserMessage", "AiMessage", "ToolExecutionResultMessage", "UserMessage"),
                    kinds(model.requests().get(1)));
            assertEquals(List.of("UserMessage", "AiMessage", "ToolExecutionResultMessage", "UserMessage", "AiMessage",
                    "ToolExecutionResultMessage"), kinds(model.requests().get(2)));
            assertEquals(UserMessage.from("two"), model.requests().get(2).messages().get(3));
            assertEquals("A moment.Both.", chat.out().text().replace("ready", ""));
        }
    }

    private static List<String> kinds(ChatRequest request) {
        return request.messages().stream().map(message -> message.getClass().getSimpleName()).toList();
    }

    @Test
    @DisplayName("features #261: what was injected is told to the model")
    void whatWasInjectedIsToldToTheModel() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.text("Yes."));
        ObjectNode note = WireJson.MAPPER.createObjectNode().put("role", "system");
        note.putArray("parts").addObject().put("type", "text").put("text", "It rains.");
        ModelLoop loop = ModelLoop.builder(model).build();
        try (OfflineChat chat = OfflineChat.with(ChatAgent.builder("model")
                .onTurnStart(event -> event.run().injections().add(note)).run(loop::answer).build())) {
            // When
            chat.send("an umbrella?");

            // Then
            assertEquals(List.of(SystemMessage.from("It rains."), UserMessage.from("an umbrella?")),
                    model.requests().getFirst().messages());
        }
    }

    @Test
    @DisplayName("features #257: a summary that is made between two steps is told from the next one on")
    void aSummaryIsToldFromTheNextStepOn() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.text("Hello."), Reply.call("c1", "price", ""),
                Reply.text("Four."));
        ModelLoop loop = ModelLoop.builder(model).tool(price).build();
        try (OfflineChat chat = OfflineChat.with(ChatAgent.builder("model").run(loop::answer)
                .compaction(event -> event.betweenSteps(), _ -> "They greeted.").build())) {
            chat.send("hi");

            // When
            chat.send("what is tea?");

            // Then
            List<ChatMessage> asked = model.requests().getLast().messages();
            assertEquals(List.of(SystemMessage.from("They greeted."), UserMessage.from("what is tea?")),
                    asked.subList(0, 2));
            assertEquals(4, asked.size());
        }
    }

    @Test
    void toolsHaveDifferentNames() {
        // When
        Exception refusal = assertThrows(IllegalArgumentException.class,
                () -> ModelLoop.builder(ScriptedModel.of()).tool(price).tool(price).build());

        // Then
        assertTrue(refusal.getMessage().contains("two are called price"));
    }
}
