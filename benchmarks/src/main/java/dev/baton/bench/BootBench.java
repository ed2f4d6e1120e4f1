package dev.baton.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Settings;

/**
 * What a run reads before it goes on with a conversation, by the length of the conversation: the boot answer, which begins at the
 * snapshot, beside all records of both channels, which it would read without one. One conversation at a time, both ways in
 * turn. This client writes the turns itself, with the secret key; no worker is needed.
 */
@Command(name = "boot", description = "Time and bytes of a boot, with a snapshot and from the records alone.")
public final class BootBench implements Callable<Integer> {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final int WARM_UPS = 5;

    @Option(names = "--url", defaultValue = "http://127.0.0.1:8030", description = "Baton to measure. Default: ${DEFAULT-VALUE}.")
    private URI url;

    @Option(names = "--key", defaultValue = Settings.DEFAULT_SECRET_KEY, description = "Secret key.")
    private String key;

    @Option(names = "--turns", split = ",", defaultValue = "10,100,1000", description = "Lengths. Default: ${DEFAULT-VALUE}.")
    private List<Integer> turns;

    @Option(names = "--chunks", defaultValue = "40", description = "Chunks of an answer. Default: ${DEFAULT-VALUE}.")
    private int chunks;

    @Option(names = "--rounds", defaultValue = "50", description = "Boots of each kind. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    /** A way to read a conversation: its bytes, each time. */
    private interface Reading {
        long bytes() throws IOException, InterruptedException;
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new BootBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Target target = Target.at(url, key);
        System.out.println("| turns | read | KiB | p50, in ms | p90 | p99 | max |\n|--:|---|--:|--:|--:|--:|--:|");
        for (int length : turns) {
            String chatId = converse(target, length);
            String api = "/api/v1/sessions/" + chatId;
            String channels = "/realtime/v1/sessions/" + chatId;
            measure(length, List.of("boot answer", "all records of both channels"), List.of(
                    () -> target.bytes(api + "/boot"),
                    () -> target.bytes(channels + "/out/records") + target.bytes(channels + "/in/records")));
        }
        return 0;
    }

    /** In turn, so that both meet the same machine. */
    private void measure(int length, List<String> names, List<Reading> readings)
            throws IOException, InterruptedException {
        long[][] nanos = new long[readings.size()][rounds];
        long[] bytes = new long[readings.size()];
        for (int round = -WARM_UPS; round < rounds; round++) {
            for (int way = 0; way < readings.size(); way++) {
                long startedAt = System.nanoTime();
                bytes[way] = readings.get(way).bytes();
                if (round >= 0) {
                    nanos[way][round] = System.nanoTime() - startedAt;
                }
            }
        }
        for (int way = 0; way < readings.size(); way++) {
            System.out.println("| " + length + " | " + names.get(way) + " | " + bytes[way] / 1024 + " | "
                    + Spread.of(nanos[way]).row() + " |");
        }
    }

    /** Returns when the snapshot holds the last turn. */
    private String converse(Target target, int length) throws IOException, InterruptedException {
        String chatId = "bench-" + UUID.randomUUID();
        ObjectNode create = WireJson.MAPPER.createObjectNode().put("type", "chat.agent").put("externalId", chatId)
                .put("taskIdentifier", chatId);
        create.putObject("triggerConfig").putObject("basePayload").put("chatId", chatId);
        target.post("/api/v1/sessions", create.toString());
        Target.Out out = target.openOut(chatId);
        for (int turn = 0; turn < length; turn++) {
            target.post("/realtime/v1/sessions/" + chatId + "/in/append", message(turn));
            target.write(out, answer(turn));
        }
        awaitSnapshot(target, chatId);
        return chatId;
    }

    private static void awaitSnapshot(Target target, String chatId) throws IOException, InterruptedException {
        JsonNode boot;
        do {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            boot = target.get("/api/v1/sessions/" + chatId + "/boot");
        } while (!boot.path("snapshot").isObject() || !boot.path("out").isEmpty());
    }

    private static String message(int turn) {
        ObjectNode data = WireJson.MAPPER.createObjectNode().put("kind", "message");
        ObjectNode message = data.putObject("payload").put("trigger", "submit-message").putObject("message");
        message.put("id", "u" + turn).put("role", "user").putArray("parts").addObject().put("type", "text").put("text",
                "a question of some words, number " + turn);
        return data.toString();
    }

    private String answer(int turn) {
        ObjectNode batch = WireJson.MAPPER.createObjectNode();
        ArrayNode records = batch.putArray("records");
        chunk(records, turn).put("type", "start").put("messageId", "a" + turn);
        chunk(records, turn).put("type", "text-start").put("id", "t");
        for (int n = 0; n < chunks; n++) {
            chunk(records, turn).put("type", "text-delta").put("id", "t").put("delta", "word " + n + " ");
        }
        chunk(records, turn).put("type", "text-end").put("id", "t");
        chunk(records, turn).put("type", "finish");
        bodies(records);
        ArrayNode headers = records.addObject().put("body", "").putArray("headers");
        headers.addArray().add("trigger-control").add("turn-complete");
        headers.addArray().add("session-in-event-id").add(Integer.toString(turn));
        return batch.toString();
    }

    private static ObjectNode chunk(ArrayNode records, int turn) {
        ObjectNode body = WireJson.MAPPER.createObjectNode().put("id", turn + "-" + records.size());
        records.add(body);
        return body.putObject("data");
    }

    /** Records carry their body as text. */
    private static void bodies(ArrayNode records) {
        for (int n = 0; n < records.size(); n++) {
            records.set(n, WireJson.MAPPER.createObjectNode().put("body", records.get(n).toString()));
        }
    }
}
