package dev.baton.agent.langchain4j;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.baton.agent.langchain4j.testing.ScriptedModel;
import dev.baton.agent.langchain4j.testing.ScriptedModel.Reply;
import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a loop does with what a model says. */
@Timeout(30)
class ModelLoopTest extends ShopLoop {
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
}
