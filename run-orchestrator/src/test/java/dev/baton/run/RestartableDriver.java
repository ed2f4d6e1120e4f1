package dev.baton.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;

import dev.baton.wire.json.WireJson;

/**
 * A topology in a test driver whose stores outlive it: it can be started again on them, as a process is that was stopped.
 * Also folds its changelogs, from which a process on another machine would start.
 */
final class RestartableDriver implements AutoCloseable {
    private static final String TASK = "0_0";
    private static final String CHANGELOG = "-changelog";

    private final Supplier<Topology> topology;
    private final Properties config;
    private final Path stores;
    private final Map<String, Map<String, byte[]>> changelogs = new TreeMap<>();
    private long nowMs;
    private TopologyTestDriver driver;

    record Output(String topic, String key, String value, long at) {}

    /** @param startMs epoch milliseconds at which its clock begins */
    RestartableDriver(Supplier<Topology> topology, Properties config, long startMs) throws IOException {
        this.topology = topology;
        this.config = config;
        this.nowMs = startMs;
        // The driver restores nothing, so a store that was never written to would count as corrupt under exactly-once.
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        this.stores = Files.createDirectories(stateDir().resolveSibling(stateDir().getFileName() + "-kept"));
        start();
    }

    private Path stateDir() {
        return Path.of(config.getProperty(StreamsConfig.STATE_DIR_CONFIG));
    }

    /** The driver deletes the directory of its task when it is closed; of a link it deletes the link only. */
    private void start() {
        try {
            Path application = stateDir().resolve(config.getProperty(StreamsConfig.APPLICATION_ID_CONFIG));
            Files.createSymbolicLink(Files.createDirectories(application).resolve(TASK), stores);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        driver = new TopologyTestDriver(topology.get(), config, Instant.ofEpochMilli(nowMs));
    }

    void restart() {
        driver.close();
        start();
    }

    long nowMs() {
        return nowMs;
    }

    void passes(Duration time) {
        nowMs += time.toMillis();
        driver.advanceWallClockTime(time);
    }

    void pipe(String topic, String key, Object value) {
        driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer()).pipeInput(key,
                WireJson.bytes(value), nowMs);
    }

    /** What it has said to others since the last call, by topic; what it said to itself is folded. */
    List<Output> outputs() {
        List<Output> said = new ArrayList<>();
        for (String topic : new TreeSet<>(driver.producedTopicNames())) {
            driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer()).readRecordsToList()
                    .forEach(record -> {
                        if (topic.endsWith(CHANGELOG)) {
                            fold(topic, record.key(), record.value());
                        } else {
                            said.add(new Output(topic, record.key(),
                                    new String(record.value(), StandardCharsets.UTF_8), record.timestamp()));
                        }
                    });
        }
        return said;
    }

    private void fold(String topic, String key, byte[] value) {
        String application = config.getProperty(StreamsConfig.APPLICATION_ID_CONFIG) + "-";
        String store = topic.substring(application.length(), topic.length() - CHANGELOG.length());
        Map<String, byte[]> entries = changelogs.computeIfAbsent(store, _ -> new TreeMap<>());
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
    }

    Set<String> storeNames() {
        return new TreeSet<>(driver.getAllStateStores().keySet());
    }

    <V> Map<String, V> stored(String store) {
        Map<String, V> entries = new TreeMap<>();
        KeyValueStore<String, V> held = driver.getKeyValueStore(store);
        try (var all = held.all()) {
            all.forEachRemaining(entry -> entries.put(entry.key, entry.value));
        }
        return entries;
    }

    /** What the changelog of this store leads to, as it lies there; of all outputs that were read so far. */
    Map<String, byte[]> changelogged(String store) {
        return changelogs.getOrDefault(store, Map.of());
    }

    @Override
    public void close() {
        driver.close();
    }
}
