package dev.baton.wire.session;

import java.util.List;

import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

import dev.baton.wire.json.Json;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunStep;
import dev.baton.wire.run.RunSteps;
import dev.baton.wire.run.RunStepsRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * Golden texts of rows and envelopes on our topics (docs/TOPICS.md); what envelopes carry is in {@link GoldenRecordsTest}. A
 * change here needs a new format name.
 */
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
                -1, 0, null, null, null);

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
                "echo", RunReason.CONTINUATION, 2, "run_1", null, "v1", 1, 10, 20L, 30L, RunOutcome.TIMED_OUT, null, 3);

        // When
        String text = WireJson.text(row);

        // Then
        assertEquals("{\"v\":1,\"environmentId\":\"env_dev\",\"sessionId\":\"session_c1\",\"chatId\":\"chat-1\","
                + "\"runId\":\"run_2\",\"taskIdentifier\":\"echo\",\"reason\":\"continuation\",\"generation\":2,\"previousRunId\":\"run_1\","
                + "\"workerVersion\":\"v1\",\"attempt\":1,\"requestedAt\":10,\"startedAt\":20,\"endedAt\":30,"
                + "\"outcome\":\"timed_out\",\"turnsServed\":3}", text);
        assertEquals(row, WireJson.read(text, SessionRunRow.class));
    }

    @Test
    void theStepsOfARunAreOneRow() {
        // Given
        RunStep given = new RunStep(RunStep.Type.DISPATCHED, 7, 1, "worker-1", "v1", null);
        RunStep returned = new RunStep(RunStep.Type.RETURNED, 9, 1, "worker-1", "v1", "not started in time");
        RunStepsRow row = new RunStepsRow(RunStepsRow.FORMAT, "env_dev", "session_c1", "chat-1", "run_1",
                RunSteps.NONE.plus(given).plus(returned));

        // When
        String text = WireJson.text(row);

        // Then
        assertEquals("{\"v\":1,\"environmentId\":\"env_dev\",\"sessionId\":\"session_c1\",\"chatId\":\"chat-1\","
                + "\"runId\":\"run_1\",\"steps\":{\"newest\":[{\"type\":\"dispatched\",\"at\":7,\"attempt\":1,"
                + "\"workerId\":\"worker-1\",\"workerVersion\":\"v1\"},{\"type\":\"returned\",\"at\":9,\"attempt\":1,"
                + "\"workerId\":\"worker-1\",\"workerVersion\":\"v1\",\"reason\":\"not started in time\"}],"
                + "\"omitted\":0}}", text);
        assertEquals(row, WireJson.read(text, RunStepsRow.class));
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
