package dev.baton.session;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.session.domain.Sessions;
import dev.baton.session.domain.Waits;
import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.session.store.WaitStore;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.ReplyEnvelope;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What one input writes, and so what one transaction holds: with RocksDB stores and the settings of the service. */
class SessionTopologyTest {
    private static final String KEY = Sessions.KEY.toString();
    private static final long PART_CLAIM_MS = 300_000;

    @TempDir
    Path stateDir;
    private final Metrics metrics = new Metrics();
    private TopologyTestDriver driver;
    private TestInputTopic<String, String> commands;
    private TestInputTopic<String, String> runEvents;
    private int requests;

    @BeforeEach
    void start() {
        Settings settings = Settings.of(
                Map.of(Setting.KAFKA_BOOTSTRAP.key(), "none:1", Setting.STATE_DIR.key(), stateDir.toString()));
        ProcessorMetrics meters = new ProcessorMetrics(metrics);
        driver = new TopologyTestDriver(SessionTopology.build(meters), SessionStreamsConfig.of(settings, meters));
        commands = driver.createInputTopic(Names.COMMANDS_TOPIC, new StringSerializer(), new StringSerializer());
        runEvents = driver.createInputTopic(Names.RUN_EVENTS_TOPIC, new StringSerializer(), new StringSerializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

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
    void anAppendWakesAllWaitsInTheSameStep() {
        // Given
        live();
        send(wait("waitpoint_c1"));
        send(wait("waitpoint_c2"));
        assertEquals(2, waits().size());
        drain();

        // When
        send(Sessions.append("p1"));
        List<WaitRow> woken = waits();
        send(Sessions.append("p2"));

        // Then
        assertEquals(List.of("waitpoint_c1", "waitpoint_c2"), woken.stream().map(WaitRow::waitpointId).toList());
        woken.forEach(row -> assertEquals(0, row.seq()));
        assertEquals(List.of(), waits(), "a wait is woken once");
    }

    @Test
    void aWaitNeedsNoSessionAndTheFirstRecordCompletesIt() {
        // Given
        SessionReply reply = send(wait("waitpoint_c1"));
        waits();
        send(Sessions.create(Sessions.PRELOAD));

        // When
        send(Sessions.append("p1"));

        // Then
        assertEquals(new SessionReply.WaitAnswered("waitpoint_c1", false), reply);
        assertEquals(0, single(waits()).seq());
    }

    @Test
    void waitsThatHaveTimedOutLeaveTheStore() {
        // Given
        send(new SessionCommand.RegisterWait("waitpoint_c1", "run_1", Channel.IN, -1, Sessions.NOW + 1, List.of(), null,
                null));
        KeyValueStore<String, Waits> store = driver.getKeyValueStore(WaitStore.STORE);
        assertTrue(store.get(KEY) != null);

        // When
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        // Then
        assertEquals(null, store.get(KEY));
    }

    private static SessionCommand.RegisterWait wait(String waitpointId) {
        return new SessionCommand.RegisterWait(waitpointId, "run_1", Channel.IN, -1, null, List.of(), null, null);
    }

    private List<WaitRow> waits() {
        return read(Names.WAITS_TOPIC, new JsonSerde<>(WaitRow.class).deserializer());
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

    private void live() {
        send(Sessions.create(Sessions.PRELOAD));
        report(Sessions.started(1, 10));
        drain();
    }

    private SessionReply send(SessionCommand command) {
        return send(command, Sessions.NOW);
    }

    private SessionReply send(SessionCommand command, long at) {
        return send(KEY, command, at);
    }

    private SessionReply send(String key, SessionCommand command, long at) {
        String requestId = "r" + ++requests;
        pipe(key, new CommandEnvelope(requestId, 0, at, command));
        ReplyEnvelope reply = single(replies());
        assertEquals(requestId, reply.requestId());
        return reply.reply();
    }

    private void pipe(String key, CommandEnvelope envelope) {
        commands.pipeInput(key, text(CommandEnvelope.class, envelope));
    }

    private void report(RunEvent event) {
        runEvents.pipeInput(KEY, text(RunEvent.class, event));
        assertEquals(List.of(), replies());
    }

    private static <T> String text(Class<T> type, T value) {
        return new String(new JsonSerde<>(type).serializer().serialize("", value), StandardCharsets.UTF_8);
    }

    private void drain() {
        in();
        rows();
        provenance();
        runRequests();
        assertEquals(List.of(), replies());
    }

    private List<StoredRecord> in() {
        return records(Channel.IN);
    }

    private List<StoredRecord> out() {
        return records(Channel.OUT);
    }

    private List<StoredRecord> records(Channel channel) {
        return driver.createOutputTopic(channel.topic(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList().stream().map(record -> stored(channel, record)).toList();
    }

    private static StoredRecord stored(Channel channel, TestRecord<byte[], byte[]> record) {
        return ChannelRecordCodec.read(channel,
                new ConsumerRecord<>(channel.topic(), 0, 0, record.timestamp(), TimestampType.CREATE_TIME, 0, 0,
                        record.key(), record.value(), record.headers(), Optional.empty()));
    }

    private List<SessionRow> rows() {
        return read(Names.SESSIONS_TOPIC, new JsonSerde<>(SessionRow.class).deserializer());
    }

    private List<SessionRunRow> provenance() {
        return read(Names.SESSION_RUNS_TOPIC, new JsonSerde<>(SessionRunRow.class).deserializer());
    }

    private List<RunRequest> runRequests() {
        return read(Names.RUN_REQUESTS_TOPIC, new JsonSerde<>(RunRequest.class).deserializer());
    }

    private List<ReplyEnvelope> replies() {
        return read(Names.REPLIES_TOPIC, new JsonSerde<>(ReplyEnvelope.class).deserializer());
    }

    private <T> List<T> read(String topic, Deserializer<T> values) {
        return driver.createOutputTopic(topic, new StringDeserializer(), values).readValuesToList();
    }

    private static <T> T single(List<T> values) {
        assertEquals(1, values.size(), values.toString());
        return values.getFirst();
    }
}
