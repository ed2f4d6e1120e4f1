package dev.baton.session;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.session.domain.Sessions;
import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.ReplyEnvelope;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The session topology with RocksDB stores and the settings of the service, one input at a time. */
abstract class OnTopology {
    static final String KEY = Sessions.KEY.toString();

    @TempDir
    Path stateDir;
    final Metrics metrics = new Metrics();
    TopologyTestDriver driver;
    TestInputTopic<String, String> commands;
    TestInputTopic<String, String> runEvents;
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

    void live() {
        send(Sessions.create(Sessions.PRELOAD));
        report(Sessions.started(1, 10));
        drain();
    }

    SessionReply send(SessionCommand command) {
        return send(command, Sessions.NOW);
    }

    SessionReply send(SessionCommand command, long at) {
        return send(KEY, command, at);
    }

    SessionReply send(String key, SessionCommand command, long at) {
        String requestId = "r" + ++requests;
        pipe(key, new CommandEnvelope(requestId, 0, at, command));
        ReplyEnvelope reply = single(replies());
        assertEquals(requestId, reply.requestId());
        return reply.reply();
    }

    void pipe(String key, CommandEnvelope envelope) {
        commands.pipeInput(key, text(CommandEnvelope.class, envelope));
    }

    void report(RunEvent event) {
        runEvents.pipeInput(KEY, text(RunEvent.class, event));
        assertEquals(List.of(), replies());
    }

    static <T> String text(Class<T> type, T value) {
        return new String(new JsonSerde<>(type).serializer().serialize("", value), StandardCharsets.UTF_8);
    }

    void drain() {
        in();
        rows();
        provenance();
        runRequests();
        assertEquals(List.of(), replies());
    }

    List<StoredRecord> in() {
        return records(Channel.IN);
    }

    List<StoredRecord> out() {
        return records(Channel.OUT);
    }

    List<StoredRecord> records(Channel channel) {
        return driver.createOutputTopic(channel.topic(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList().stream().map(record -> stored(channel, record)).toList();
    }

    private static StoredRecord stored(Channel channel, TestRecord<byte[], byte[]> record) {
        return ChannelRecordCodec.read(channel,
                new ConsumerRecord<>(channel.topic(), 0, 0, record.timestamp(), TimestampType.CREATE_TIME, 0, 0,
                        record.key(), record.value(), record.headers(), Optional.empty()));
    }

    List<SessionRow> rows() {
        return read(Names.SESSIONS_TOPIC, new JsonSerde<>(SessionRow.class).deserializer());
    }

    List<SessionRunRow> provenance() {
        return read(Names.SESSION_RUNS_TOPIC, new JsonSerde<>(SessionRunRow.class).deserializer());
    }

    List<RunRequest> runRequests() {
        return read(Names.RUN_REQUESTS_TOPIC, new JsonSerde<>(RunRequest.class).deserializer());
    }

    List<ReplyEnvelope> replies() {
        return read(Names.REPLIES_TOPIC, new JsonSerde<>(ReplyEnvelope.class).deserializer());
    }

    <T> List<T> read(String topic, Deserializer<T> values) {
        return driver.createOutputTopic(topic, new StringDeserializer(), values).readValuesToList();
    }

    static <T> T single(List<T> values) {
        assertEquals(1, values.size(), values.toString());
        return values.getFirst();
    }
}
