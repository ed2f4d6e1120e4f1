package dev.baton.agent.langchain4j;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.langchain4j.testing.ScriptedModel;
import dev.baton.agent.langchain4j.testing.ScriptedModel.Reply;
import dev.baton.agent.testing.OfflineChat;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The code of the chapter on models in docs/AGENTS.md; {@code GuideTest} of the SDK looks for it here. */
@Timeout(30)
class ModelGuideTest {
    private static String forecast(String city) {
        return "rain in " + city;
    }

    @Test
    void anAgentWithAModelAndATool() throws Exception {
        ScriptedModel model = ScriptedModel.of(
                Reply.reasoning("I need to look.").andCall("c1", "weather", "{\"city\": \"Rome\"}"),
                Reply.text("Take an umbrella."));
        AgentTool weather = AgentTool.of(
                ToolSpecification.builder().name("weather").description("The weather in a city").parameters(
                        JsonObjectSchema.builder().addStringProperty("city").required("city").build()).build(),
                input -> forecast(input.path("city").asText()));
        ModelLoop loop = ModelLoop.builder(model).system("You are brief.").tool(weather).build();
        ChatAgent<JsonNode> agent = ChatAgent.builder("assistant").run(loop::answer).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            assertEquals("Take an umbrella.", chat.send("Do I need an umbrella in Rome?").text());
        }
    }

    /** Stands for something that moves money. */
    private static final class Bank {
        Object pay(JsonNode order) {
            return Map.of("paid", order.path("euro").asInt());
        }
    }

    @Test
    void toolsThatWaitForPeople() throws Exception {
        Bank bank = new Bank();
        ToolSpecification pay = ToolSpecification.builder().name("pay").build();
        ToolSpecification whereAreYou = ToolSpecification.builder().name("whereAreYou").build();
        ScriptedModel model = ScriptedModel.of(Reply.call("c1", "pay", "{\"euro\": 7}"),
                Reply.call("c2", "pay", "{\"euro\": 700}").andCall("c3", "whereAreYou", "{}"));
        ModelLoop loop = ModelLoop.builder(model)
                .tool(AgentTool.of(pay, bank::pay).needsApproval(input -> input.path("euro").asInt() > 100))
                .tool(AgentTool.ofClient(whereAreYou)).build();

        try (OfflineChat chat = OfflineChat.with(ChatAgent.builder("payer").run(loop::answer).build())) {
            assertEquals(List.of("c2", "c3"),
                    chat.send("pay").waitingToolCalls().stream().map(ToolCall::id).toList());
        }
    }
}
