package dev.baton.agent.langchain4j;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.ImageContent.DetailLevel;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.agent.chat.History;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class ModelMessagesTest {
    /** @param parts JSON with single quotes */
    private static List<ChatMessage> converted(String role, String parts) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("id", "m1").put("role", role);
        message.set("parts", WireJson.readTree(parts.replace('\'', '"')));
        return ModelMessages.of(new History(List.of(message)));
    }

    private static AiMessage call(String text, String thinking, String arguments) {
        return AiMessage.builder().text(text).thinking(thinking).toolExecutionRequests(List.of(ToolExecutionRequest
                .builder().id("c1").name("buy").arguments(arguments).build())).build();
    }

    private static ToolExecutionResultMessage result(String text, boolean isError) {
        return ToolExecutionResultMessage.builder().id("c1").toolName("buy").text(text).isError(isError).build();
    }

    @Test
    void everyStepOfAnAnswerIsAMessageWithItsResultsBehindIt() {
        // When
        List<ChatMessage> messages = converted("assistant", """
                [{'type':'step-start'}, {'type':'reasoning','text':'Hm. '}, {'type':'reasoning','text':'Tea.'},
                 {'type':'text','text':'I '}, {'type':'text','text':'buy.'}, {'type':'source-url','url':'https://a'},
                 {'type':'tool-buy','toolCallId':'c1','state':'output-available','input':{'n':1},'output':{'ok':true}},
                 {'type':'data-compaction','data':{}}, {'type':'step-start'}, {'type':'text','text':'Done.'}]""");

        // Then
        assertEquals(List.of(call("I buy.", "Hm. Tea.", "{\"n\":1}"), result("{\"ok\":true}", false),
                AiMessage.from("Done.")), messages);
    }

    @Test
    void whatIsSaidAfterACallStandsBehindItsResult() {
        // When
        List<ChatMessage> messages = converted("assistant",
                """
                        [{'type':'dynamic-tool','toolName':'buy','toolCallId':'c1','state':'output-available','input':{},'output':'ok'},
                         {'type':'text','text':'Done.'}]""");

        // Then
        assertEquals(List.of(call(null, null, "{}"), result("ok", false), AiMessage.from("Done.")), messages);
    }

    static Stream<Arguments> states() {
        return Stream.of(arguments("'state':'output-error','errorText':'sold out'", result("sold out", true)),
                arguments("'state':'output-denied'", result(ModelMessages.DENIED, true)),
                arguments("'state':'output-denied','approval':{'approved':false,'reason':'too dear'}",
                        result("too dear", true)),
                arguments("'state':'approval-responded','approval':{'approved':false}",
                        result(ModelMessages.DENIED, true)),
                arguments("'state':'approval-responded','approval':{'approved':true}",
                        result(ModelMessages.UNANSWERED, true)),
                arguments("'state':'approval-requested'", result(ModelMessages.UNANSWERED, true)),
                arguments("'state':'input-available'", result(ModelMessages.UNANSWERED, true)),
                arguments("'state':'output-available','output':''", result("", false)),
                arguments("'state':'output-available','output':null", result("null", false)));
    }

    @ParameterizedTest
    @MethodSource("states")
    void everyCallHasAResult(String state, ToolExecutionResultMessage result) {
        // When
        List<ChatMessage> messages = converted("assistant",
                "[{'type':'tool-buy','toolCallId':'c1','input':{'n':1}," + state + "}]");

        // Then
        assertEquals(List.of(call(null, null, "{\"n\":1}"), result), messages);
    }

    @Test
    void aCallWhoseInputIsNotThereYetIsNone() {
        assertEquals(List.of(), converted("assistant",
                "[{'type':'tool-buy','toolCallId':'c1','state':'input-streaming','input':{'n':1}}]"));
    }

    @Test
    void aCallWhoseInputWasNoObjectIsOneWithoutInput() {
        assertEquals(List.of(call(null, null, "{}"), result("bad", true)), converted("assistant",
                "[{'type':'tool-buy','toolCallId':'c1','state':'output-error','rawInput':'{a','errorText':'bad'}]"));
    }

    @Test
    void aMessageThatSaysNothingToAModelIsLeftOut() {
        assertEquals(List.of(), converted("user", "[{'type':'data-mood','data':1},{'type':'text','text':''}]"));
        assertEquals(List.of(), converted("user", "[]"));
        assertEquals(List.of(), converted("system", "[{'type':'text','text':' '}]"));
        assertEquals(List.of(), converted("assistant", "[{'type':'step-start'},{'type':'reasoning','text':'hm'}]"));
        assertEquals(List.of(), converted("data", "[{'type':'text','text':'a'}]"));
    }

    @Test
    void aSystemMessageIsOne() {
        assertEquals(List.of(SystemMessage.from("Be brief.")),
                converted("system", "[{'type':'text','text':'Be '},{'type':'text','text':'brief.'}]"));
    }

    static Stream<Arguments> files() {
        URI url = URI.create("https://a/b");
        return Stream.of(arguments("image/png", "https://a/b", new ImageContent(url, DetailLevel.AUTO)),
                arguments("image/png", "data:image/png;base64,QUJD",
                        new ImageContent("QUJD", "image/png", DetailLevel.AUTO)),
                arguments("audio/wav", "data:audio/wav;base64,QUJD", new AudioContent("QUJD", "audio/wav")),
                arguments("video/mp4", "https://a/b", new VideoContent(url)),
                arguments("application/pdf", "https://a/b", new PdfFileContent(url)),
                arguments("application/pdf", "data:application/pdf;base64,QUJD",
                        new PdfFileContent("QUJD", "application/pdf")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileIsShownToTheModel(String mediaType, String url, Content content) {
        // When
        List<ChatMessage> messages = converted("user", "[{'type':'text','text':'look'},{'type':'file','mediaType':'"
                + mediaType + "','url':'" + url + "'}]");

        // Then
        assertEquals(List.of(UserMessage.from(TextContent.from("look"), content)), messages);
    }

    @ParameterizedTest
    @CsvSource({"application/zip, https://a/b", "image/png, file:///etc/passwd", "image/png, 'data:image/png;base64,'",
            "image/png, data:image/png;QUJD", "image/png, https://a b", "'', https://a/b"})
    void aFileThatCannotBeShownIsNamed(String mediaType, String url) {
        // When
        List<ChatMessage> messages = converted("user", "[{'type':'file','filename':'a.bin','mediaType':'" + mediaType
                + "','url':'" + url + "'}]");

        // Then
        assertInstanceOf(TextContent.class, ((UserMessage) messages.getFirst()).contents().getFirst());
        assertEquals("[A file that cannot be shown to you: a.bin, " + mediaType + "]",
                ((UserMessage) messages.getFirst()).singleText());
    }
}
