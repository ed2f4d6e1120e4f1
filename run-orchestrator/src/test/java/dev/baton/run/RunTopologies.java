package dev.baton.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.baton.run.RestartableDriver.Output;
import dev.baton.run.domain.RunInput;
import dev.baton.run.domain.RunLimits;
import dev.baton.run.domain.RunReport;
import dev.baton.run.domain.RunState;
import dev.baton.run.domain.WorkerVersions;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The run topology twice, with RocksDB stores and the settings of the service: one that is never restarted and one that may
 * be. Both get every input and must say the same to it; after every step their stores, what their changelogs lead to, and
 * what the rules alone come to, must be the same.
 */
final class RunTopologies implements AutoCloseable {
    static final RunLimits LIMITS = RunLimits.withLeaseTtl(Duration.ofSeconds(5));
    static final long START_MS = 1_700_000_000_000L;
    /** What a rebalance may take. Longer than polls are remembered, and no time that anybody is blamed for. */
    static final Duration STALL = RunLimits.POLL_TTL.plusMillis(500);
    private static final Map<String, Class<?>> STORED = Map.of(RunTopology.RUNS_STORE, RunState.class,
            RunTopology.VERSIONS_STORE, WorkerVersions.class);

    private final RestartableDriver steady;
    private final RestartableDriver restarted;
    private final QueueInMemory expected = new QueueInMemory(RunOutsideWorld.QUEUE, LIMITS, START_MS);
    private final Supplier<String> where;

    /** @param where names the step in failures */
    RunTopologies(Path home, Supplier<String> where) throws IOException {
        this.where = where;
        steady = driver(home.resolve("steady"));
        restarted = driver(home.resolve("restarted"));
    }

    private static RestartableDriver driver(Path stateDir) throws IOException {
        RunMetrics metrics = new RunMetrics(new Metrics());
        Properties config = RunStreamsConfig.of(Settings.of(Map.of(Setting.KAFKA_BOOTSTRAP.key(), "nowhere:1",
                Setting.STATE_DIR.key(), stateDir.toString())), metrics);
        return new RestartableDriver(() -> RunTopology.build(LIMITS, metrics), config, START_MS);
    }

    /**
     * One of them dies and comes back; then both stand still for as long, as the tasks of a group do. Polls and heartbeats
     * are gone afterwards until they are repeated.
     */
    List<Output> restart() {
        restarted.restart();
        steady.passes(STALL);
        restarted.passes(STALL);
        expected.stalls(nowMs());
        return compared();
    }

    List<Output> reports(RunReport report) {
        return pipe(Names.RUN_REPORTS_TOPIC, report, new RunInput.Reported(report));
    }

    List<Output> requests(RunRequest request) {
        return pipe(Names.RUN_REQUESTS_TOPIC, request, new RunInput.Requested(request));
    }

    private List<Output> pipe(String topic, Object value, RunInput input) {
        steady.pipe(topic, RunOutsideWorld.QUEUE, value);
        restarted.pipe(topic, RunOutsideWorld.QUEUE, value);
        expected.input(input, nowMs());
        return compared();
    }

    /** @param time shorter than a stall */
    List<Output> passes(Duration time) {
        steady.passes(time);
        restarted.passes(time);
        expected.ticks(nowMs());
        return compared();
    }

    long nowMs() {
        return steady.nowMs();
    }

    private List<Output> compared() {
        List<Output> said = ordered(steady.outputs());
        assertEquals(said, ordered(restarted.outputs()), where);
        return said;
    }

    /** @return what both hold, by name of the store, then by key */
    Map<String, Map<String, Object>> comparedStores() {
        Map<String, Map<String, Object>> stores = stores(steady);
        assertEquals(stores, stores(restarted), where);
        Map<String, Map<String, Object>> rules = expected.stores();
        rules.replaceAll((_, entries) -> ranked(entries));
        assertEquals(rules, stores, where);
        assertEquals(stores, changelogged(steady, stores), where);
        assertEquals(stores, changelogged(restarted, stores), where);
        return stores;
    }

    /** One input may change several runs, in an order that means nothing to anybody. */
    private static List<Output> ordered(List<Output> outputs) {
        return outputs.stream().sorted(Comparator.comparing(Output::toString)).toList();
    }

    private static Map<String, Map<String, Object>> stores(RestartableDriver driver) {
        Map<String, Map<String, Object>> stores = new TreeMap<>();
        driver.storeNames().forEach(name -> stores.put(name, ranked(driver.stored(name))));
        return stores;
    }

    private static Map<String, Map<String, Object>> changelogged(RestartableDriver driver,
            Map<String, Map<String, Object>> like) {
        Map<String, Map<String, Object>> stores = new TreeMap<>();
        like.keySet().forEach(name -> {
            Map<String, Object> entries = new TreeMap<>();
            driver.changelogged(name).forEach((key, bytes) -> entries.put(key,
                    WireJson.read(bytes, STORED.get(name))));
            stores.put(name, ranked(entries));
        });
        return stores;
    }

    /** A position says only who is before whom in a queue: the places of those who are gone may be given out again. */
    private static Map<String, Object> ranked(Map<String, Object> entries) {
        Map<Object, Long> ranks = new HashMap<>();
        List<Object> waiting = new ArrayList<>(entries.values().stream().filter(each -> position(each) >= 0)
                .sorted(Comparator.comparingLong(RunTopologies::position)).toList());
        waiting.forEach(each -> ranks.put(each, (long) ranks.size()));
        Map<String, Object> ranked = new TreeMap<>(entries);
        ranked.replaceAll((_, each) -> ranks.containsKey(each) ? at(each, ranks.get(each)) : each);
        return ranked;
    }

    private static long position(Object stored) {
        return switch (stored) {
            case RunState.Queued queued -> queued.position();
            case RunState.Dispatched dispatched -> dispatched.position();
            default -> -1;
        };
    }

    private static Object at(Object stored, long position) {
        return switch (stored) {
            case RunState.Queued run -> new RunState.Queued(run.request(), run.attempt(), position, run.dispatches(),
                    run.steps());
            case RunState.Dispatched run -> new RunState.Dispatched(run.request(), run.attempt(), position,
                    run.dispatch(), run.gatewayId(), run.workerId(), run.workerVersion(), run.dispatchedAtMs(),
                    run.steps());
            default -> stored;
        };
    }

    @Override
    public void close() {
        steady.close();
        restarted.close();
    }
}
