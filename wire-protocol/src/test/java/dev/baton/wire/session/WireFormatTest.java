package dev.baton.wire.session;

import java.util.List;

import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

import dev.baton.wire.json.Json;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Golden texts of the JSON records on our topics (docs/TOPICS.md). A change here needs a new format name. */
class WireFormatTest {
    private static final SessionKey KEY = new SessionKey("env_dev", "chat-1");
    private static final TriggerConfig CONFIG = new TriggerConfig(new Json("{\"chatId\":\"chat-1\"}"), null, null, null,
            null, null, null, null, 30, null, null, null, null);

    @Test
    void aCommandNamesItsTypeAndFormat() {
        // Given
        CommandEnvelope envelope = new CommandEnvelope("r1", 2, 1000, new SessionCommand.AppendIn("p1", "{}"));

        // When
        String text = WireJson.text(envelope);

        // Then
        assertEquals("{\"requestId\":\"r1\",\"replyPartition\":2,\"issuedAt\":1000,"
                + "\"command\":{\"type\":\"append-in/1\",\"partId\":\"p1\",\"body\":\"{}\"}}", text);
        assertEquals(envelope, WireJson.read(text, CommandEnvelope.class));
    }

    @Test
    void aTrimNamesItsTypeAndFormat() {
        // Given
        CommandEnvelope envelope = new CommandEnvelope("r1", 2, 1000, new SessionCommand.TrimOut(3, 40));

        // When
        String text = WireJson.text(envelope);

        // Then
        assertEquals("{\"requestId\":\"r1\",\"replyPartition\":2,\"issuedAt\":1000,"
                + "\"command\":{\"type\":\"trim-out/1\",\"generation\":3,\"floorOutSeq\":40}}", text);
        assertEquals(envelope, WireJson.read(text, CommandEnvelope.class));
    }

    @Test
    void commandsAboutWaitsNameTheirTypesAndFormats() {
        // Given
        SessionCommand register = new SessionCommand.RegisterWait("waitpoint_c1", "run_1", "in", -1, 9L, List.of("t"),
                "k", 7L);
        SessionCommand complete = new SessionCommand.CompleteWaits("out", null, 40);

        // When
        String registerText = WireJson.text(new CommandEnvelope("r1", 2, 1000, register));
        String completeText = WireJson.text(new CommandEnvelope("r1", 2, 1000, complete));

        // Then
        assertEquals("{\"requestId\":\"r1\",\"replyPartition\":2,\"issuedAt\":1000,\"command\":{"
                + "\"type\":\"register-wait/1\",\"waitpointId\":\"waitpoint_c1\",\"runId\":\"run_1\",\"io\":\"in\","
                + "\"lastSeqNum\":-1,\"timeoutAt\":9,\"tags\":[\"t\"],\"idempotencyKey\":\"k\",\"idempotencyExpiresAt\":7}}",
                registerText);
        assertEquals("{\"requestId\":\"r1\",\"replyPartition\":2,\"issuedAt\":1000,\"command\":{"
                + "\"type\":\"complete-waits/1\",\"io\":\"out\",\"seq\":40}}", completeText);
        assertEquals(register, WireJson.read(registerText, CommandEnvelope.class).command());
        assertEquals(complete, WireJson.read(completeText, CommandEnvelope.class).command());
    }

    @Test
    void anAnswerAboutAWaitNamesItsTypeAndFormat() {
        // Given
        ReplyEnvelope envelope = new ReplyEnvelope("r1", new SessionReply.WaitAnswered("waitpoint_c1", true));

        // When
        String text = WireJson.text(envelope);

        // Then
        assertEquals("{\"requestId\":\"r1\",\"reply\":{\"type\":\"wait-answered/1\",\"waitpointId\":\"waitpoint_c1\","
                + "\"cached\":true}}", text);
        assertEquals(envelope, WireJson.read(text, ReplyEnvelope.class));
    }

    @Test
    void aWaitRowLeavesOutWhatHasNotHappened() {
        // Given
        WaitRow pending = new WaitRow(WaitRow.FORMAT, "waitpoint_c1", "env_dev", "chat-1", "in", "run_1", List.of("t"),
                5, null, null, null);

        // When
        String pendingText = WireJson.text(pending);
        String completedText = WireJson.text(pending.completed(3, 8));

        // Then
        assertEquals("{\"v\":1,\"waitpointId\":\"waitpoint_c1\",\"environmentId\":\"env_dev\",\"chatId\":\"chat-1\","
                + "\"io\":\"in\",\"runId\":\"run_1\",\"tags\":[\"t\"],\"createdAt\":5}", pendingText);
        assertEquals(pendingText.replace("}", ",\"completedAt\":8,\"seq\":3}"), completedText);
        assertEquals(pending, WireJson.read(pendingText, WaitRow.class));
    }

    @Test
    void aReplyNamesItsTypeAndFormat() {
        // Given
        ReplyEnvelope envelope = new ReplyEnvelope("r1",
                new SessionReply.Refused(SessionReply.Refusal.CLOSED, "done"));

        // When
        String text = WireJson.text(envelope);

        // Then
        assertEquals(
                "{\"requestId\":\"r1\",\"reply\":{\"type\":\"refused/1\",\"refusal\":\"CLOSED\",\"detail\":\"done\"}}",
                text);
        assertEquals(envelope, WireJson.read(text, ReplyEnvelope.class));
    }

    @Test
    void aSessionRowKeepsNestedJsonAsJson() {
        // Given
        SessionRow row = new SessionRow(SessionRow.FORMAT, 4, "env_dev", "session_c1", "chat-1", "chat.agent", "echo",
                CONFIG, List.of("a"), new Json("{\"k\":[1]}"), null, null, null, 10, 20, "run_1", 1, true, 0, -1, -1,
                -1, 0, null);

        // When
        String text = WireJson.text(row);

        // Then
        assertEquals(
                "{\"v\":1,\"rowVersion\":4,\"environmentId\":\"env_dev\",\"id\":\"session_c1\",\"externalId\":\"chat-1\","
                        + "\"type\":\"chat.agent\",\"taskIdentifier\":\"echo\",\"triggerConfig\":{\"basePayload\":{\"chatId\":\"chat-1\"},"
                        + "\"idleTimeoutInSeconds\":30},\"tags\":[\"a\"],\"metadata\":{\"k\":[1]},\"createdAt\":10,\"updatedAt\":20,"
                        + "\"currentRunId\":\"run_1\",\"generation\":1,\"runLive\":true,\"lastInSeq\":0,\"settledInSeq\":-1,"
                        + "\"settledOutSeq\":-1,\"fenceOutSeq\":-1,\"floorOutSeq\":0}",
                text);
        assertEquals(row, WireJson.read(text, SessionRow.class));
    }

    @Test
    void aProvenanceRowUsesTheLabelsOfTheGlossary() {
        // Given
        SessionRunRow row = new SessionRunRow(SessionRunRow.FORMAT, "env_dev", "session_c1", "chat-1", "run_2",
                RunReason.CONTINUATION, 2, "run_1", null, "v1", 1, 10, 20L, 30L, RunOutcome.TIMED_OUT, null, 3);

        // When
        String text = WireJson.text(row);

        // Then
        assertEquals("{\"v\":1,\"environmentId\":\"env_dev\",\"sessionId\":\"session_c1\",\"chatId\":\"chat-1\","
                + "\"runId\":\"run_2\",\"reason\":\"continuation\",\"generation\":2,\"previousRunId\":\"run_1\","
                + "\"workerVersion\":\"v1\",\"attempt\":1,\"requestedAt\":10,\"startedAt\":20,\"endedAt\":30,"
                + "\"outcome\":\"timed_out\",\"turnsServed\":3}", text);
        assertEquals(row, WireJson.read(text, SessionRunRow.class));
    }

    @Test
    void runRequestsAndRunEventsSurviveARoundTrip() {
        // Given
        RunRequest request = new RunRequest.StartRun("run_1", KEY, "session_c1", "echo", 1, RunReason.INITIAL, null,
                new Json("{\"a\":1}"), CONFIG, null, 5, 5);
        RunEvent event = new RunEvent.RunEnded("run_1", 1, 9, RunOutcome.CRASHED, null, false, "lease expired");

        // When, Then
        assertEquals(request, WireJson.read(WireJson.bytes(request), RunRequest.class));
        assertEquals(event, WireJson.read(WireJson.bytes(event), RunEvent.class));
    }

    @Test
    void anUnknownReasonIsManual() {
        // Given, When, Then: contract §1.7
        assertEquals(RunReason.MANUAL, RunReason.ofLabel("because"));
        assertEquals(RunReason.UPGRADE, RunReason.ofLabel("upgrade"));
    }

    @Test
    void fieldsOfANewerWriterAreIgnored() {
        // Given
        String text = "{\"requestId\":\"r1\",\"replyPartition\":0,\"issuedAt\":1,\"later\":true,"
                + "\"command\":{\"type\":\"settle-turn/1\",\"generation\":1,\"inSeq\":0,\"outSeq\":2,\"more\":{}}}";

        // When
        CommandEnvelope envelope = WireJson.read(text, CommandEnvelope.class);

        // Then
        assertEquals(new SessionCommand.SettleTurn(1, 0, 2), envelope.command());
    }

    @Test
    void aPoisonRecordIsASerializationErrorThatNamesItsTopic() {
        // Given
        var deserializer = new JsonSerde<>(CommandEnvelope.class).deserializer();

        // When
        SerializationException failure = assertThrows(SerializationException.class,
                () -> deserializer.deserialize("baton.commands", new byte[]{'{', 'x'}));

        // Then
        assertEquals("topic baton.commands: expected the JSON of a CommandEnvelope", failure.getMessage());
    }
}
