package dev.baton.session;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

import dev.baton.session.domain.Sessions;
import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.Json;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What one input writes, and so what one transaction holds. */
class SessionTopologyTest extends OnTopology {
    private static final long PART_CLAIM_MS = 300_000;

    @Test
    void aCreateWithAMessageWritesRowProvenanceRequestFirstTurnAndReply() {
        // When
        SessionReply reply = send(Sessions.create(Sessions.FIRST_MESSAGE));

        // Then
        SessionRow row = single(rows());
        assertEquals(Sessions.KEY, row.key());
        assertEquals(row, assertInstanceOf(SessionReply.SessionAnswered.class, reply).row());
        StoredRecord first = single(in());
        assertFalse(first.visible());
        assertEquals(StoredRecord.NO_SEQ, first.seq());
        SessionRunRow run = single(provenance());
        assertEquals(RunReason.INITIAL, run.reason());
        RunRequest.StartRun start = assertInstanceOf(RunRequest.StartRun.class, single(runRequests()));
        assertEquals(run.runId(), start.runId());
        assertTrue(start.payload().has("message"));
    }

    @Test
    void anAppendToALiveRunWritesItsRecordAndItsReplyOnly() {
        // Given
        live();

        // When
        SessionReply reply = send(Sessions.append("p1"));

        // Then
        assertEquals(new SessionReply.AppendAnswered(0, false), reply);
        StoredRecord record = single(in());
        assertEquals(0, record.seq());
        assertTrue(record.visible());
        assertEquals(Sessions.BODY, record.record().body());
        assertEquals(List.of(), rows());
        assertEquals(List.of(), runRequests());
    }

    @Test
    void anAppendAfterAnIdleExitWritesRecordAndHandOverTogether() {
        // Given
        live();
        report(Sessions.ended(1, RunOutcome.COMPLETED));
        drain();

        // When
        send(Sessions.append("p1"));

        // Then
        assertEquals(0, single(in()).seq());
        assertEquals(2, single(rows()).generation());
        assertEquals(RunReason.CONTINUATION, single(provenance()).reason());
        RunRequest.StartRun start = assertInstanceOf(RunRequest.StartRun.class, single(runRequests()));
        assertEquals("true", start.payload().field("continuation").text());
    }

    @Test
    void aRepeatedPartIdAnswersTheFirstSeqForFiveMinutes() {
        // Given
        live();
        send(Sessions.append("p1"));
        send(Sessions.append("p2"));
        drain();

        // When
        SessionReply repeated = send(Sessions.append("p1"), Sessions.NOW + PART_CLAIM_MS);
        SessionReply fromASlowClock = send(Sessions.append("p1"), Sessions.NOW - 1_000);
        SessionReply afterwards = send(Sessions.append("p1"), Sessions.NOW + PART_CLAIM_MS + 1);

        // Then
        assertEquals(new SessionReply.AppendAnswered(0, true), repeated);
        assertEquals(new SessionReply.AppendAnswered(0, true), fromASlowClock);
        assertEquals(new SessionReply.AppendAnswered(2, false), afterwards);
        assertEquals(2, single(in()).seq());
    }

    @Test
    void aPartIdIsClaimedInItsOwnSessionOnly() {
        // Given
        live();
        send(Sessions.append("p1"));
        SessionCommand.CreateSession other = new SessionCommand.CreateSession("session_other", "chat-2", "chat.agent",
                "echo", Sessions.config(Sessions.PRELOAD), null, null, null);
        send("env_dev/chat-2", other, Sessions.NOW);

        // When
        SessionReply reply = send("env_dev/chat-2", Sessions.append("p1"), Sessions.NOW);

        // Then
        assertEquals(new SessionReply.AppendAnswered(0, false), reply);
    }

    @Test
    void aCrashWithAMessageWaitingEndsOneRunAndRequestsTheNext() {
        // Given
        live();
        send(Sessions.append("p1"));
        drain();

        // When
        report(Sessions.ended(1, RunOutcome.CRASHED));

        // Then
        List<SessionRunRow> runs = provenance();
        assertEquals(RunOutcome.CRASHED, runs.getFirst().outcome());
        assertEquals(2, runs.getLast().generation());
        assertEquals(runs.getFirst().runId(), runs.getLast().previousRunId());
        assertEquals(runs.getLast().runId(), single(runRequests()).runId());
        assertEquals(runs.getLast().runId(), single(rows()).currentRunId());
    }

    @Test
    void aMessageThatKillsThreeRunsEndsInAnErrorTurnOnOutInTheSameStep() {
        // Given
        live();
        send(Sessions.append("p1"));
        report(Sessions.ended(1, RunOutcome.CRASHED));
        report(Sessions.ended(2, RunOutcome.CRASHED));
        drain();

        // When
        report(Sessions.ended(3, RunOutcome.CRASHED));

        // Then
        List<StoredRecord> turn = out();
        assertTrue(turn.getFirst().record().body().contains("\"type\":\"error\""), turn.toString());
        assertTrue(turn.getLast().record().isControl(ChannelRecord.TURN_COMPLETE), turn.toString());
        assertEquals(new Writer(3, Sessions.runId(3)), turn.getLast().writer());
        assertEquals(0, single(rows()).settledInSeq());
        assertEquals(List.of(), runRequests());
    }

    @Test
    void aCrashInTheFirstTurnPutsItsMessageOnInForTheSuccessor() {
        // Given
        send(Sessions.create(Sessions.FIRST_MESSAGE));
        report(Sessions.started(1, 10));
        StoredRecord first = single(in());
        drain();

        // When
        report(Sessions.ended(1, RunOutcome.CRASHED));

        // Then
        StoredRecord requeued = single(in());
        assertEquals(0, requeued.seq());
        assertTrue(requeued.visible());
        assertEquals(first.record().body(), requeued.record().body());
        assertInstanceOf(RunRequest.StartRun.class, single(runRequests()));
    }

    @Test
    void anUpgradeWritesBothProvenanceRowsTheRowAndTheRequest() {
        // Given
        live();
        send(Sessions.append("p1"));
        drain();

        // When
        SessionReply reply = send(Sessions.upgradeBy(Sessions.runId(1)));

        // Then
        assertTrue(assertInstanceOf(SessionReply.HandOverAnswered.class, reply).swapped());
        List<SessionRunRow> runs = provenance();
        assertEquals(RunOutcome.SUPERSEDED, runs.getFirst().outcome());
        assertEquals(RunReason.UPGRADE, runs.getLast().reason());
        assertEquals(2, single(rows()).generation());
        assertEquals(Sessions.runId(2), single(runRequests()).runId());
    }

    @Test
    void closingASessionWhoseRunIsQueuedWithdrawsIt() {
        // Given
        send(Sessions.create(Sessions.PRELOAD));
        drain();

        // When
        send(new SessionCommand.CloseSession("done", null));

        // Then
        assertInstanceOf(RunRequest.WithdrawRun.class, single(runRequests()));
        assertEquals("done", single(rows()).closedReason());
        Json body = new Json(single(in()).record().body());
        assertTrue(body.textField("data").contains("\"trigger\":\"close\""));
    }

    @Test
    void aCommandWithoutAReaderIsDecidedAndNotAnswered() {
        // Given
        live();

        // When
        pipe(KEY, new CommandEnvelope("quiet", CommandEnvelope.NO_REPLY, Sessions.NOW,
                new SessionCommand.SettleTurn(1, -1, 20)));

        // Then
        assertEquals(20, single(rows()).settledOutSeq());
        assertEquals(List.of(), replies());
    }

    @Test
    void unreadableRecordsAreCountedAndStepOverNobody() {
        // When
        commands.pipeInput(KEY, "{\"requestId\":\"r\",\"command\":{\"type\":\"unheard-of/1\"}}");
        commands.pipeInput(KEY, "no JSON");
        commands.pipeInput("no-key", "{}");
        commands.pipeInput(KEY, "{}");
        commands.pipeInput(KEY, (String) null);
        SessionReply reply = send(Sessions.create(Sessions.PRELOAD));

        // Then
        assertInstanceOf(SessionReply.SessionAnswered.class, reply);
        assertEquals(5.0, metrics.registry().get("baton.processor.skipped").counter().count());
    }

    @Test
    void aCommandThatCannotBeDecidedIsDroppedAndTheNextOneIsServed() {
        // Given
        SessionCommand.CreateSession broken = Sessions.create(new Json("[]"));

        // When
        pipe(KEY, new CommandEnvelope("broken", 0, Sessions.NOW, broken));
        SessionReply reply = send(Sessions.create(Sessions.PRELOAD));

        // Then
        assertFalse(assertInstanceOf(SessionReply.SessionAnswered.class, reply).cached());
        assertEquals(1.0, metrics.registry().get("baton.processor.undecidable").counter().count());
    }

    @Test
    void metersTellCommandsRefusalsAndHandOvers() {
        // When
        send(Sessions.append(null));
        send(Sessions.create(Sessions.PRELOAD));

        // Then
        assertEquals(1.0, metrics.registry().get("baton.processor.refusals").tag("refusal", "not_found").counter()
                .count());
        assertEquals(1.0, metrics.registry().get("baton.processor.handovers").tag("reason", "initial").counter()
                .count());
        assertEquals(1.0, metrics.registry().get("baton.processor.commands").tag("command", "CreateSession").counter()
                .count());
    }

    @Test
    void provenanceLiesWhereItsSessionLies() {
        // Given
        String key = Names.provenanceKey(Sessions.KEY, Sessions.runId(3));

        // When
        Optional<Set<Integer>> partition = SessionTopology.partitionOfSession("t", key, null, 7);

        // Then
        int expected = BuiltInPartitioner.partitionForKey(KEY.getBytes(StandardCharsets.UTF_8), 7);
        assertEquals(Optional.of(Set.of(expected)), partition);
    }

    @Test
    void aReplyGoesToItsReaderAndOneWithoutAPartitionNowhere() {
        // Given
        AddressedReply reply = new AddressedReply(3, null);

        // When
        Optional<Set<Integer>> there = SessionTopology.partitionOfReader("t", "r", reply, 4);
        Optional<Set<Integer>> nowhere = SessionTopology.partitionOfReader("t", "r", reply, 3);

        // Then
        assertEquals(Optional.of(Set.of(3)), there);
        assertEquals(Optional.of(Set.of()), nowhere);
    }
}
