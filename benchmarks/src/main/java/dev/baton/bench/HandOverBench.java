package dev.baton.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Settings;

/**
 * How long until a worker holds the run that has to answer: from a create to the first run, and from an append to a session
 * whose run has ended to its continuation. One session at a time, rounds at a fixed pace, so it is light load. The worker is
 * a bare HTTP client with one long poll always open, in this process.
 */
@Command(name = "hand-over", description = "Latency from create and append to the worker that holds the run.")
public final class HandOverBench implements Callable<Integer> {
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    @Option(names = "--url", defaultValue = "http://127.0.0.1:8030", description = "Baton to measure. Default: ${DEFAULT-VALUE}.")
    private URI url;

    @Option(names = "--key", defaultValue = Settings.DEFAULT_SECRET_KEY, description = "Secret key.")
    private String key;

    @Option(names = "--rounds", defaultValue = "200", description = "Rounds of a repeat. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--repeats", defaultValue = "5", description = "Repeats after a warm-up one. Default: ${DEFAULT-VALUE}.")
    private int repeats;

    /** What one round took, in nanoseconds. */
    private record Round(long created, long acknowledged, long continued) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new HandOverBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Target target = Target.at(url, key);
        try (TimedWorker worker = TimedWorker.start(target)) {
            repeat(target, worker);
            System.out.println("| repeat | what, in ms | p50 | p90 | p99 | max |\n|--:|---|--:|--:|--:|--:|");
            for (int n = 1; n <= repeats; n++) {
                Round[] all = repeat(target, worker);
                row(n, "create → worker has the first run", all, Round::created);
                row(n, "append on a dead run → answered", all, Round::acknowledged);
                row(n, "append on a dead run → worker has the continuation", all, Round::continued);
            }
        }
        return 0;
    }

    private static void row(int repeat, String what, Round[] all, ToLongFunction<Round> part) {
        Spread spread = Spread.of(Arrays.stream(all).mapToLong(part).toArray());
        System.out.println("| " + repeat + " | " + what + " | " + spread.row() + " |");
    }

    /** Start times are fixed beforehand: a slow round does not thin out the load. */
    private Round[] repeat(Target target, TimedWorker worker) throws IOException, InterruptedException {
        Round[] all = new Round[rounds];
        long due = System.nanoTime();
        for (int n = 0; n < rounds; n++) {
            LockSupport.parkNanos(due - System.nanoTime());
            all[n] = round(target, worker);
            due += PACE.toNanos();
        }
        return all;
    }

    private static Round round(Target target, TimedWorker worker) throws IOException, InterruptedException {
        String chatId = "bench-" + UUID.randomUUID();
        ObjectNode create = WireJson.MAPPER.createObjectNode().put("type", "chat.agent").put("externalId", chatId)
                .put("taskIdentifier", worker.task());
        create.putObject("triggerConfig").putObject("basePayload").put("chatId", chatId);
        long createdAt = System.nanoTime();
        String sessionId = target.post("/api/v1/sessions", create.toString()).path("id").asText();
        TimedWorker.Given first = worker.await(sessionId, 1);
        worker.startAndComplete(first.run(), -1);
        awaitEnd(target, chatId);
        String message = "{\"kind\":\"message\",\"payload\":{\"chatId\":\"" + chatId + "\"}}";
        long appendedAt = System.nanoTime();
        target.post("/realtime/v1/sessions/" + chatId + "/in/append", message);
        long acknowledgedAt = System.nanoTime();
        TimedWorker.Given continuation = worker.await(sessionId, 2);
        worker.startAndComplete(continuation.run(), 0);
        target.post("/api/v1/sessions/" + chatId + "/close", "{}");
        return new Round(first.atNanos() - createdAt, acknowledgedAt - appendedAt, continuation.atNanos() - appendedAt);
    }

    private static void awaitEnd(Target target, String chatId) throws IOException, InterruptedException {
        JsonNode run;
        do {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            run = target.get("/api/v1/sessions/" + chatId + "/runs").path("data").path(0);
        } while (!run.hasNonNull("endedAt"));
    }
}
