package dev.baton.session;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;

import dev.baton.session.RestartableDriver.Output;
import dev.baton.session.domain.SessionDecider;
import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.session.store.PartClaims;
import dev.baton.session.store.SessionStateCodec;
import dev.baton.session.store.SideChannels;
import dev.baton.session.store.WaitStore;
import dev.baton.session.store.WaitsCodec;
import dev.baton.wire.Names;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The session topology twice, with RocksDB stores and the settings of the service: one that is never restarted and one that
 * may be. Both get every input and must say the same to it; after every step their stores, and what their changelogs lead
 * to, must be the same.
 */
final class SessionTopologies implements AutoCloseable {
    static final long START_MS = 1_700_000_000_000L;
    private static final Map<String, Deserializer<?>> STORED = Map.of(
            SessionTopology.SESSIONS_STORE, SessionStateCodec.serde().deserializer(),
            WaitStore.STORE, WaitsCodec.serde().deserializer(),
            SideChannels.STORE, Serdes.Long().deserializer());

    private final RestartableDriver steady;
    private final RestartableDriver restarted;
    private final Supplier<String> where;
    private int requests;

    /** @param where names the step in failures */
    SessionTopologies(Path home, Supplier<String> where) throws IOException {
        this.where = where;
        steady = driver(home.resolve("steady"));
        restarted = driver(home.resolve("restarted"));
    }

    private static RestartableDriver driver(Path stateDir) throws IOException {
        ProcessorMetrics metrics = new ProcessorMetrics(new Metrics());
        Properties config = SessionStreamsConfig.of(Settings.of(Map.of(Setting.KAFKA_BOOTSTRAP.key(), "nowhere:1",
                Setting.STATE_DIR.key(), stateDir.toString())), metrics);
        return new RestartableDriver(() -> SessionTopology.build(metrics), config, START_MS);
    }

    void restart() {
        restarted.restart();
    }

    List<Output> commands(SessionKey key, SessionCommand command, long at) {
        return pipe(Names.COMMANDS_TOPIC, key, new CommandEnvelope("r" + requests++, 0, at, command));
    }

    List<Output> reports(SessionKey key, RunEvent event) {
        return pipe(Names.RUN_EVENTS_TOPIC, key, event);
    }

    private List<Output> pipe(String topic, SessionKey key, Object value) {
        steady.pipe(topic, key.toString(), value);
        restarted.pipe(topic, key.toString(), value);
        List<Output> said = steady.outputs();
        assertEquals(said, restarted.outputs(), where);
        return said;
    }

    void passes(Duration time) {
        steady.passes(time);
        restarted.passes(time);
    }

    long nowMs() {
        return steady.nowMs();
    }

    /** @return what both hold, by name of the store, then by key; of claims those that still count */
    Map<String, Map<String, Object>> comparedStores() {
        long claimsFromMs = nowMs() - SessionDecider.PART_CLAIM_TTL.toMillis();
        assertEquals(List.of(), steady.outputs(), where);
        assertEquals(List.of(), restarted.outputs(), where);
        Map<String, Map<String, Object>> stores = stores(steady, claimsFromMs);
        assertEquals(stores, stores(restarted, claimsFromMs), where);
        STORED.forEach((name, format) -> {
            assertEquals(stores.get(name), changelogged(steady, name, format), where);
            assertEquals(stores.get(name), changelogged(restarted, name, format), where);
        });
        return stores;
    }

    /** What lies on the disk, claims of any age included: a store that was just opened knows no age to hide them by. */
    Map<String, Map<String, Object>> storesOnDisk() {
        restarted.restart();
        return stores(restarted, 0);
    }

    private static Map<String, Map<String, Object>> stores(RestartableDriver driver, long claimsFromMs) {
        Map<String, Map<String, Object>> stores = new TreeMap<>();
        driver.storeNames().forEach(name -> stores.put(name, name.equals(PartClaims.STORE)
                ? driver.windowed(name, claimsFromMs)
                : driver.stored(name)));
        return stores;
    }

    private static Map<String, Object> changelogged(RestartableDriver driver, String store, Deserializer<?> format) {
        Map<String, Object> entries = new TreeMap<>();
        driver.changelogged(store).forEach((key, bytes) -> entries.put(key, format.deserialize("", bytes)));
        return entries;
    }

    @Override
    public void close() {
        steady.close();
        restarted.close();
    }
}
