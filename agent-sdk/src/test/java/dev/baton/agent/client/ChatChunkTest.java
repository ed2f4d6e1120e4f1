package dev.baton.agent.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ChatChunkTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'type':'start','messageId':'m'}|Start[messageId=m, json=*]
            {'type':'text-delta','id':'t','delta':'a'}|Text[delta=a, json=*]
            {'type':'reasoning-delta','id':'r','delta':'b'}|Reasoning[delta=b, json=*]
            {'type':'tool-input-start','toolCallId':'c','toolName':'buy'}|ToolInputStart[callId=c, toolName=buy, json=*]
            {'type':'tool-input-delta','toolCallId':'c','inputTextDelta':'x'}|ToolInputDelta[callId=c, delta=x, json=*]
            {'type':'file','mediaType':'image/png','url':'u'}|File[mediaType=image/png, url=u, json=*]
            {'type':'source-url','sourceId':'s','url':'u','title':'t'}|Source[sourceId=s, url=u, json=*]
            {'type':'source-document','sourceId':'s','title':'t'}|Source[sourceId=s, url=t, json=*]
            {'type':'tool-input-available','toolCallId':'c','toolName':'buy','input':1}|ToolInput[callId=c, toolName=buy, input=1, json=*]
            {'type':'tool-approval-request','toolCallId':'c','approvalId':'a'}|ToolApproval[callId=c, approvalId=a, json=*]
            {'type':'tool-output-available','toolCallId':'c','output':2}|ToolOutput[callId=c, output=2, json=*]
            {'type':'tool-output-error','toolCallId':'c','errorText':'no'}|ToolError[callId=c, errorText=no, json=*]
            {'type':'tool-input-error','toolCallId':'c','errorText':'bad'}|ToolError[callId=c, errorText=bad, json=*]
            {'type':'tool-output-denied','toolCallId':'c'}|ToolDenied[callId=c, json=*]
            {'type':'data-weather','data':3,'transient':true}|Data[name=weather, data=3, isTransient=true, json=*]
            {'type':'finish','finishReason':'stop'}|Finish[finishReason=stop, json=*]
            {'type':'error','errorText':'no'}|Failed[errorText=no, json=*]
            {'type':'abort'}|Aborted[json=*]
            {'type':'finish-step'}|Other[type=finish-step, json=*]
            {'type':'of-tomorrow'}|Other[type=of-tomorrow, json=*]
            """)
    void everyKindHasItsFieldsAndAllOfItsJson(String chunk, String expected) {
        // Given
        JsonNode json = WireJson.readTree(chunk.replace('\'', '"'));

        // When
        ChatChunk read = ChatChunk.of(json);

        // Then
        assertEquals(expected.replace("*", json.toString()), read.toString());
        assertEquals(json, read.json());
    }
}
