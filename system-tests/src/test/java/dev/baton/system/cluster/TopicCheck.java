package dev.baton.system.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

import dev.baton.system.cluster.Conversation.Message;
import dev.baton.system.support.StreamRecord;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionRunRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the topics say, read past all of Baton, held against what a conversation was told. */
final class TopicCheck {
    private static final Duration POLL = Duration.ofMillis(500);

    /** By chat id, in the order of the topic. */
    private final Map<String, List<StoredRecord>> in = new HashMap<>();
    private final Map<String, List<StoredRecord>> out = new HashMap<>();
    /** By chat id and generation: the last row of each run. */
    private final Map<String, Map<Long, SessionRunRow>> runs = new HashMap<>();

    private int repeats;
    private int fenced;
    private int lateErrors;

    private TopicCheck() {}

    static TopicCheck read(Map<String, String> environment) {
        TopicCheck check = new TopicCheck();
        Settings settings = Settings.of(environment);
        readAll(settings, Names.SESSION_IN_TOPIC, record -> add(check.in, Channel.IN, record));
        readAll(settings, Names.SESSION_OUT_TOPIC, record -> add(check.out, Channel.OUT, record));
        readAll(settings, Names.SESSION_RUNS_TOPIC, record -> {
            SessionRunRow row = WireJson.read(record.value(), SessionRunRow.class);
            check.runs.computeIfAbsent(row.chatId(), _ -> new TreeMap<>()).put(row.generation(), row);
        });
        return check;
    }

    private static void add(Map<String, List<StoredRecord>> channel, Channel of,
            ConsumerRecord<byte[], byte[]> record) {
        StoredRecord stored = ChannelRecordCodec.read(of, record);
        channel.computeIfAbsent(stored.key().chatId(), _ -> new ArrayList<>()).add(stored);
    }

    /** Committed records up to the present end. */
    private static void readAll(Settings settings, String topic, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(KafkaConfigs.reader(settings))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(sink);
            }
        }
    }

    /** Nothing acknowledged is lost, nothing is there twice, and what the browser saw is what the topic holds. */
    void holdsAgainst(String chatId, List<Message> told, List<StreamRecord> delivered) {
        assertAcknowledgedIsStored(chatId, told);
        List<StoredRecord> visible = visible(chatId);
        assertEquals(visible.stream().map(StoredRecord::seq).toList(),
                delivered.stream().map(StreamRecord::seq).toList(), () -> chatId + ": seqs of .out");
        for (int i = 0; i < visible.size(); i++) {
            assertEquals(visible.get(i).record().body(), delivered.get(i).body(), chatId);
        }
        assertOwnersFollowEachOther(chatId);
        assertEveryMessageIsAnsweredOnce(chatId, told, delivered);
    }

    private void assertAcknowledgedIsStored(String chatId, List<Message> told) {
        List<StoredRecord> stored = in.getOrDefault(chatId, List.of());
        List<String> expected = told.stream()
                .map(message -> message.seq() + " " + message.partId() + " " + message.body()).toList();
        List<String> actual = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            assertEquals(i, stored.get(i).seq(), chatId + ": .in is dense");
            JsonNode body = WireJson.readTree(stored.get(i).record().body());
            actual.add(i + " " + body.path("id").asText() + " " + body.path("data").asText());
        }
        assertEquals(String.join("\n", expected), String.join("\n", actual), chatId + ": .in");
    }

    /**
     * What readers may see, judged here and not by the code that is tested: a record counts unless a higher generation has
     * put its fence, or has written, before it.
     */
    private List<StoredRecord> visible(String chatId) {
        List<StoredRecord> visible = new ArrayList<>();
        long highest = 0;
        for (StoredRecord record : out.getOrDefault(chatId, List.of())) {
            long generation = record.writer().generation();
            highest = Math.max(highest, Math.max(record.fence(), generation));
            if (generation > 0 && generation < highest) {
                fenced++;
            } else if (record.visible()) {
                visible.add(record);
            }
        }
        return visible;
    }

    /** One row per generation, each after the one before it, and only the last may be open. */
    private void assertOwnersFollowEachOther(String chatId) {
        List<SessionRunRow> rows = List.copyOf(runs.getOrDefault(chatId, Map.of()).values());
        for (int i = 0; i < rows.size(); i++) {
            SessionRunRow row = rows.get(i);
            assertEquals(i + 1L, row.generation(), chatId + ": generations");
            assertEquals(i == 0 ? null : rows.get(i - 1).runId(), row.previousRunId(), chatId + ": " + row);
            assertTrue(row.endedAt() != null || i == rows.size() - 1, () -> chatId + ": has two owners: " + rows);
        }
    }

    private void assertEveryMessageIsAnsweredOnce(String chatId, List<Message> told, List<StreamRecord> delivered) {
        List<Long> settled = new ArrayList<>();
        StreamRecord before = null;
        for (StreamRecord record : withoutRepeats(delivered)) {
            if (record.isTurnComplete()) {
                long seq = Long.parseLong(record.header(ChannelRecord.SESSION_IN_EVENT_ID).orElse("-1"));
                if (settled.contains(seq) && isError(before)) {
                    lateErrors++;
                } else {
                    settled.add(seq);
                }
            }
            before = record;
        }
        settled.sort(null);
        List<Long> sent = told.stream().map(Message::seq).toList();
        assertEquals(sent, settled, () -> chatId + ": seqs that turns have settled, in " + delivered);
    }

    /** The turn of a message that is given up: an error chunk and the turn-complete, in one transaction. */
    private static boolean isError(StreamRecord record) {
        return record != null && record.body().contains("\"type\":\"error\"");
    }

    /**
     * A writer that was not told whether its batch is stored sends it again, and then it may be there twice: data records with
     * ids that readers know already, and a turn-complete with nothing new before it.
     */
    private List<StreamRecord> withoutRepeats(List<StreamRecord> delivered) {
        Set<String> ids = new HashSet<>();
        List<StreamRecord> fresh = new ArrayList<>();
        boolean newSinceTurn = false;
        for (StreamRecord record : delivered) {
            boolean repeated = record.isTurnComplete()
                    ? !newSinceTurn
                    : !record.id().isEmpty() && !ids.add(record.id());
            if (repeated) {
                repeats++;
                continue;
            }
            newSinceTurn = !record.isTurnComplete();
            fresh.add(record);
        }
        return fresh;
    }

    /** Records of {@code .out} that a writer has sent twice. */
    int repeats() {
        return repeats;
    }

    /** Records of {@code .out} that came behind the fence that shuts out their writer. */
    int fenced() {
        return fenced;
    }

    /** Error turns of messages that had been answered, while the report of the answer was late: decision 17 bears them. */
    int lateErrors() {
        return lateErrors;
    }

    /** Runs of all conversations, for the log of the test. */
    long runCount() {
        return runs.values().stream().mapToLong(Map::size).sum();
    }
}
