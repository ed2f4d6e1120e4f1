package dev.baton.agent.langchain4j;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.chat.History;
import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.langchain4j.testing.ScriptedModel;
import dev.baton.agent.langchain4j.testing.ScriptedModel.Reply;
import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a loop does with the calls of a model. */
@Timeout(30)
class ModelToolsTest extends ShopLoop {
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
    void callsWithOneIdStayApart() throws Exception {
        // Given
        ScriptedModel model = ScriptedModel.of(Reply.call("0", "price", "{\"of\":\"tea\"}"),
                Reply.call("0", "price", "{\"of\":\"cake\"}").andCall("0", "price", "{\"of\":\"coffee\"}"),
                Reply.text("Done."));
        try (OfflineChat chat = chat(ModelLoop.builder(model).tool(price).build())) {
            // When
            chat.send("tea, cake and coffee");

            // Then
            assertEquals(List.of("price of tea", "price of cake", "price of coffee"), executed);
            assertEquals(List.of("tea", "cake", "coffee"), History.toolCalls(response).stream()
                    .map(call -> call.input().path("of").asText()).toList());
            assertEquals(3, History.toolCalls(response).stream().map(ToolCall::id).distinct().count());
            List<ChatMessage> asked = model.requests().getLast().messages();
            assertEquals(((AiMessage) asked.get(3)).toolExecutionRequests().getFirst().id(),
                    ((ToolExecutionResultMessage) asked.get(4)).id());
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
