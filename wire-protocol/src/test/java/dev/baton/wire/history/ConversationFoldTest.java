package dev.baton.wire.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConversationFoldTest {
    private final ConversationFold fold = new ConversationFold(List.of());

    @Test
    void aTextAnswerBecomesAMessageWithStepAndText() {
        // Given
        user("u1", "hi");

        // When
        chunks("{'type':'start','messageId':'a1','messageMetadata':{'model':'m'}}", "{'type':'start-step'}",
                "{'type':'text-start','id':'t'}", "{'type':'text-delta','id':'t','delta':'Hel'}",
                "{'type':'text-delta','id':'t','delta':'lo'}", "{'type':'text-end','id':'t'}",
                "{'type':'finish-step'}", "{'type':'finish','messageMetadata':{'tokens':3}}");
        fold.completeTurn();

        // Then
        assertMessages("{'id':'u1','role':'user','parts':[{'type':'text','text':'hi'}]}",
                "{'id':'a1','role':'assistant','parts':[{'type':'step-start'},"
                        + "{'type':'text','text':'Hello','state':'done'}],'metadata':{'model':'m','tokens':3}}");
    }

    /** features #208. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{'type':'finish'}|", "{'type':'abort'}|a1",
            "{'type':'error','errorText':'no'}|a1",
            "{'type':'finish-step'}|a1"})
    void anAnswerThatWasStoppedFailedOrCutOffIsNotFinal(String last, String nonFinalId) {
        // Given
        chunks("{'type':'start','messageId':'a1'}", "{'type':'text-start','id':'t'}",
                "{'type':'text-delta','id':'t','delta':'x'}", "{'type':'text-end','id':'t'}");

        // When
        chunks(last);
        fold.completeTurn();

        // Then
        assertEquals(nonFinalId == null ? List.of() : List.of(nonFinalId), fold.nonFinalIds());
    }

    @Test
    void anAnswerThatIsGivenAgainToItsEndIsFinalAndOneThatIsGoneIsNotNamed() {
        // Given
        user("u1", "hi");
        for (String id : List.of("a1", "a2")) {
            chunks("{'type':'start','messageId':'" + id + "'}", "{'type':'text-start','id':'t'}",
                    "{'type':'text-delta','id':'t','delta':'x'}", "{'type':'abort'}");
            fold.completeTurn();
        }
        assertEquals(List.of("a1", "a2"), fold.nonFinalIds());

        // When
        chunks("{'type':'start','messageId':'a1'}", "{'type':'finish'}");
        fold.completeTurn();

        // Then
        assertEquals(List.of("a2"), fold.nonFinalIds());

        // When
        fold.input(WireJson.readTree("{\"kind\":\"message\",\"payload\":{\"trigger\":\"regenerate-message\"}}"));

        // Then
        assertEquals(List.of(), fold.nonFinalIds());
    }

    @Test
    void reasoningAndTextWithTheSameIdAreTwoParts() {
        // Given / When
        answer("{'type':'reasoning-start','id':'0','providerMetadata':{'p':1}}", "{'type':'text-start','id':'0'}",
                "{'type':'reasoning-delta','id':'0','delta':'hm'}", "{'type':'text-delta','id':'0','delta':'so'}",
                "{'type':'reasoning-end','id':'0','providerMetadata':{'p':2}}", "{'type':'text-end','id':'0'}");

        // Then
        assertParts("{'type':'reasoning','id':'0','text':'hm','providerMetadata':{'p':2},'state':'done'}",
                "{'type':'text','text':'so','state':'done'}");
    }

    @Test
    void anIdIsFreeAgainAfterItsStep() {
        // Given / When
        answer("{'type':'text-start','id':'0'}", "{'type':'text-delta','id':'0','delta':'one'}",
                "{'type':'finish-step'}", "{'type':'text-delta','id':'0','delta':' lost'}",
                "{'type':'text-start','id':'0'}", "{'type':'text-delta','id':'0','delta':'two'}",
                "{'type':'text-end','id':'0'}");

        // Then
        assertParts("{'type':'text','text':'one','state':'streaming'}", "{'type':'text','text':'two','state':'done'}");
    }

    @Test
    void aToolCallRunsThroughItsStates() {
        // Given
        chunks("{'type':'start','messageId':'a1'}",
                "{'type':'tool-input-start','toolCallId':'c','toolName':'find','title':'Find'}",
                "{'type':'tool-input-available','toolCallId':'c','toolName':'find','input':{'q':1},"
                        + "'providerMetadata':{'x':1}}");

        // When
        chunks("{'type':'tool-output-available','toolCallId':'c','output':[1],'preliminary':true}",
                "{'type':'tool-output-available','toolCallId':'c','output':[1,2]}", "{'type':'finish'}");
        fold.completeTurn();

        // Then
        assertParts("{'type':'tool-find','toolCallId':'c','state':'output-available','title':'Find','input':{'q':1},"
                + "'output':[1,2],'callProviderMetadata':{'x':1}}");
    }

    @Test
    void aDynamicToolKeepsItsNameApart() {
        // Given / When
        answer("{'type':'tool-input-available','toolCallId':'c','toolName':'any','dynamic':true,'input':null}",
                "{'type':'tool-output-error','toolCallId':'c','errorText':'no'}");

        // Then
        assertParts("{'type':'dynamic-tool','toolName':'any','toolCallId':'c','state':'output-error','input':null,"
                + "'errorText':'no'}");
    }

    @Test
    void anInputErrorOfAStaticToolKeepsTheRawInput() {
        // Given / When
        answer("{'type':'tool-input-start','toolCallId':'c','toolName':'find'}",
                "{'type':'tool-input-error','toolCallId':'c','toolName':'find','input':'{bad','errorText':'e'}");

        // Then
        assertParts("{'type':'tool-find','toolCallId':'c','state':'output-error','rawInput':'{bad','errorText':'e'}");
    }

    @Test
    void anOutputFindsItsCallInAnEarlierStep() {
        // Given / When
        answer("{'type':'tool-input-available','toolCallId':'c','toolName':'find','input':1}",
                "{'type':'start-step'}", "{'type':'tool-output-available','toolCallId':'c','output':2}");

        // Then
        assertParts("{'type':'tool-find','toolCallId':'c','state':'output-available','input':1,'output':2}",
                "{'type':'step-start'}");
    }

    @Test
    void anApprovalIsRequestedThenDenied() {
        // Given
        answer("{'type':'tool-input-available','toolCallId':'c','toolName':'rm','input':1}",
                "{'type':'tool-approval-request','toolCallId':'c','approvalId':'ap'}");

        // When
        fold.input(json("{'kind':'message','payload':{'trigger':'submit-message','message':{'id':'lost',"
                + "'role':'assistant','parts':[{'type':'tool-rm','toolCallId':'c','state':'approval-responded',"
                + "'approval':{'id':'ap','approved':false}}]}}}"));
        answer("{'type':'tool-output-denied','toolCallId':'c'}");

        // Then
        assertParts("{'type':'tool-rm','toolCallId':'c','state':'output-denied','input':1,"
                + "'approval':{'id':'ap','approved':false}}");
    }

    @Test
    void aToolAnswerOverlaysOnlyTheFieldsOfAnAnswer() {
        // Given
        answer("{'type':'tool-input-available','toolCallId':'c','toolName':'ask','input':{'q':'?'}}");

        // When
        fold.input(json("{'kind':'message','payload':{'trigger':'submit-message','message':{'id':'a1',"
                + "'role':'assistant','parts':[{'type':'text','text':'forged'},{'type':'tool-ask','toolCallId':'c',"
                + "'state':'output-available','output':'yes','input':'forged'},"
                + "{'type':'tool-ask','toolCallId':'other','state':'output-available','output':1}]}}}"));

        // Then
        assertParts("{'type':'tool-ask','toolCallId':'c','state':'output-available','input':{'q':'?'},"
                + "'output':'yes'}");
    }

    @Test
    void aToolThatHasItsResultKeepsItAgainstAStaleAnswer() {
        // Given
        answer("{'type':'tool-input-available','toolCallId':'c','toolName':'ask','input':1}",
                "{'type':'tool-output-available','toolCallId':'c','output':'server'}");

        // When
        fold.input(json("{'kind':'message','payload':{'trigger':'submit-message','message':{'id':'a1',"
                + "'role':'assistant','parts':[{'type':'tool-ask','toolCallId':'c','state':'output-available',"
                + "'output':'client'}]}}}"));

        // Then
        assertParts("{'type':'tool-ask','toolCallId':'c','state':'output-available','input':1,'output':'server'}");
    }

    @Test
    void dataPartsReplaceByTypeAndIdAndTransientOnesAreDropped() {
        // Given / When
        answer("{'type':'data-w','id':'1','data':{'t':1}}", "{'type':'data-w','data':0}",
                "{'type':'data-v','id':'1','data':9}", "{'type':'data-w','id':'1','data':{'t':2}}",
                "{'type':'data-w','id':'1','data':{'t':3},'transient':true}");

        // Then
        assertParts("{'type':'data-w','id':'1','data':{'t':2}}", "{'type':'data-w','data':0}",
                "{'type':'data-v','id':'1','data':9}");
    }

    @Test
    void sourcesAndFilesBecomeParts() {
        // Given / When
        answer("{'type':'source-url','sourceId':'s','url':'http://x','title':'X'}",
                "{'type':'source-document','sourceId':'d','mediaType':'a/b','title':'D','filename':'f'}",
                "{'type':'file','mediaType':'a/b','url':'data:,'}", "{'type':'error','errorText':'e'}",
                "{'type':'unheard-of'}");

        // Then
        assertParts("{'type':'source-url','sourceId':'s','url':'http://x','title':'X'}",
                "{'type':'source-document','sourceId':'d','mediaType':'a/b','title':'D','filename':'f'}",
                "{'type':'file','mediaType':'a/b','url':'data:,'}");
    }

    @Test
    void metadataMergesDeepAndReplacesArrays() {
        // Given / When
        chunks("{'type':'start','messageId':'a1','messageMetadata':{'a':{'x':1,'l':[1]},'k':1}}",
                "{'type':'message-metadata','messageMetadata':{'a':{'y':2,'l':[2]}}}", "{'type':'finish'}");
        fold.completeTurn();

        // Then
        assertEquals(json("{'a':{'x':1,'l':[2],'y':2},'k':1}"), fold.messages().getFirst().get("metadata"));
    }

    @Test
    void anUnfinishedAnswerIsShownCleanedAndLast() {
        // Given
        user("u1", "hi");
        chunks("{'type':'start','messageId':'a1'}", "{'type':'text-start','id':'t'}",
                "{'type':'text-delta','id':'t','delta':'par'}",
                "{'type':'tool-input-start','toolCallId':'c','toolName':'find'}",
                "{'type':'tool-input-available','toolCallId':'d','toolName':'find','input':1}");

        // When
        List<ObjectNode> messages = fold.messages();

        // Then
        assertEquals(json("{'id':'a1','role':'assistant','parts':[{'type':'text','text':'par','state':'done'}]}"),
                messages.getLast());
        assertEquals(messages.getLast(), fold.partial().orElseThrow());
        assertEquals(2, messages.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type':'abort'}", "{'type':'error','errorText':'e'}"})
    void aBrokenOffAnswerIsCleanedWhenItsTurnCompletes(String ending) {
        // Given
        chunks("{'type':'start','messageId':'a1'}", "{'type':'text-start','id':'t'}",
                "{'type':'text-delta','id':'t','delta':'par'}",
                "{'type':'tool-input-available','toolCallId':'d','toolName':'find','input':1}", ending);

        // When
        fold.completeTurn();

        // Then
        assertParts("{'type':'text','text':'par','state':'done'}");
        assertTrue(fold.partial().isEmpty());
    }

    @Test
    void anAnswerThatSaidNothingBeforeItFailedLeavesNoMessage() {
        // Given
        user("u1", "hi");
        chunks("{'type':'start','messageId':'a1'}", "{'type':'start-step'}", "{'type':'error','errorText':'e'}");

        // When
        fold.completeTurn();

        // Then
        assertEquals(1, fold.messages().size());
    }

    @Test
    void aSuccessorContinuesTheMessageWithTheSameId() {
        // Given
        chunks("{'type':'start','messageId':'a1'}", "{'type':'text-start','id':'t'}",
                "{'type':'text-delta','id':'t','delta':'one'}");

        // When
        fold.fence();
        chunks("{'type':'start','messageId':'a1'}", "{'type':'text-start','id':'t'}",
                "{'type':'text-delta','id':'t','delta':'two'}", "{'type':'text-end','id':'t'}", "{'type':'finish'}");
        fold.completeTurn();

        // Then
        assertParts("{'type':'text','text':'one','state':'done'}", "{'type':'text','text':'two','state':'done'}");
    }

    @Test
    void aSuccessorThatStartsAnotherMessageReplacesTheUnfinishedOne() {
        // Given
        chunks("{'type':'start','messageId':'a1'}", "{'type':'text-start','id':'t'}",
                "{'type':'text-delta','id':'t','delta':'one'}");

        // When
        fold.fence();
        answerOf("a2", "{'type':'text-start','id':'t'}", "{'type':'text-delta','id':'t','delta':'two'}",
                "{'type':'text-end','id':'t'}");

        // Then
        assertMessages("{'id':'a2','role':'assistant','parts':[{'type':'text','text':'two','state':'done'}]}");
    }

    @Test
    void aFinishedAnswerStaysWhenAnotherStartsInTheSameTurn() {
        // Given
        chunks("{'type':'start','messageId':'a1'}", "{'type':'data-x','data':1}", "{'type':'finish'}");

        // When
        answerOf("a2", "{'type':'data-x','data':2}");

        // Then
        assertEquals(List.of("a1", "a2"), ids());
    }

    @Test
    void aLaterTurnMayContinueASettledMessage() {
        // Given
        answerOf("a1", "{'type':'tool-input-available','toolCallId':'c','toolName':'f','input':1}");

        // When
        answerOf("a1", "{'type':'tool-output-available','toolCallId':'c','output':2}",
                "{'type':'data-x','data':1}");

        // Then
        assertParts("{'type':'tool-f','toolCallId':'c','state':'output-available','input':1,'output':2}",
                "{'type':'data-x','data':1}");
    }

    @Test
    void chunksBeforeTheirStartJoinTheMessageThatStarts() {
        // Given / When
        chunks("{'type':'data-x','data':1}", "{'type':'start','messageId':'a7'}", "{'type':'finish'}");
        fold.completeTurn();

        // Then
        assertMessages("{'id':'a7','role':'assistant','parts':[{'type':'data-x','data':1}]}");
    }

    @Test
    void aUserMessageIsMergedById() {
        // Given
        user("u1", "first");
        user("u2", "second");

        // When
        user("u1", "edited");

        // Then
        assertEquals("edited", fold.messages().getFirst().at("/parts/0/text").asText());
        assertEquals(List.of("u1", "u2"), ids());
    }

    @Test
    void regenerateDropsTrailingAnswers() {
        // Given
        user("u1", "hi");
        answerOf("a1", "{'type':'data-x','data':1}");

        // When
        fold.input(json("{'kind':'message','payload':{'trigger':'regenerate-message'}}"));

        // Then
        assertEquals(List.of("u1"), ids());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'kind':'stop'}", "{'kind':'message','payload':{'trigger':'action','action':1}}",
            "{'kind':'message','payload':{'trigger':'close'}}", "{'kind':'handover','messageId':'x'}", "{'kind':'new'}",
            "'text'", "7", "{'kind':'message','payload':{'trigger':'submit-message','message':'text'}}"})
    void inputsThatAreNoMessagesChangeNothing(String data) {
        // Given
        user("u1", "hi");

        // When
        fold.input(json(data));

        // Then
        assertEquals(List.of("u1"), ids());
    }

    @Test
    void theHistoryThatWasGivenIsNeverChanged() {
        // Given
        ObjectNode answer = (ObjectNode) json("{'id':'a1','role':'assistant','parts':[{'type':'tool-f',"
                + "'toolCallId':'c','state':'input-available','input':1}]}");
        ObjectNode before = answer.deepCopy();
        ConversationFold continued = new ConversationFold(List.of(answer));

        // When
        continued.input(json("{'kind':'message','payload':{'trigger':'submit-message','message':{'id':'a1',"
                + "'role':'assistant','parts':[{'type':'tool-f','toolCallId':'c','state':'output-available',"
                + "'output':1}]}}}"));
        continued.chunk(json("{'type':'start','messageId':'a1','messageMetadata':{'m':1}}"));
        continued.chunk(json("{'type':'data-x','data':1}"));
        continued.completeTurn();

        // Then
        assertEquals(before, answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"{\"a\":1;{\"a\":1}", "{\"a\":\"x;{\"a\":\"x\"}", "{\"a\":1,\"b;{\"a\":1}",
            "{\"a\":[1,2;{\"a\":[1,2]}", "{\"a\":tr;{\"a\":true}", "[{\"a\":null},;[{\"a\":null}]", "[\"x\\u00;[\"x\"]",
            "{\"a\":{\"b\":-;{\"a\":{}}"})
    void aToolInputIsReadAsFarAsItHasCome(String text, String expected) {
        // Given / When
        JsonNode read = PartialJson.parse(text).orElseThrow();

        // Then
        assertEquals(WireJson.readTree(expected), read);
    }

    private void user(String id, String text) {
        fold.input(json("{'kind':'message','payload':{'trigger':'submit-message','message':{'id':'" + id
                + "','role':'user','parts':[{'type':'text','text':'" + text + "'}]}}}"));
    }

    private void answer(String... chunks) {
        answerOf("a1", chunks);
    }

    private void answerOf(String id, String... chunks) {
        chunks("{'type':'start','messageId':'" + id + "'}");
        chunks(chunks);
        chunks("{'type':'finish'}");
        fold.completeTurn();
    }

    private void chunks(String... chunks) {
        for (String chunk : chunks) {
            fold.chunk(json(chunk));
        }
    }

    private List<String> ids() {
        return fold.messages().stream().map(message -> message.path("id").asText()).toList();
    }

    private void assertParts(String... parts) {
        List<JsonNode> actual = new ArrayList<>();
        fold.messages().getLast().get("parts").forEach(actual::add);
        assertEquals(Arrays.stream(parts).map(ConversationFoldTest::json).toList(), actual);
    }

    private void assertMessages(String... messages) {
        assertEquals(Arrays.stream(messages).map(ConversationFoldTest::json).toList(),
                List.<JsonNode>copyOf(fold.messages()));
    }

    private static JsonNode json(String text) {
        return WireJson.readTree(text.replace('\'', '"'));
    }
}
