package dev.baton.system.fuzz;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.system.support.Chat;
import dev.baton.wire.json.WireJson;

/** Bodies as they should be. */
final class Forms {
    private final Dice dice;
    private final Ground ground;

    Forms(Dice dice, Ground ground) {
        this.dice = dice;
        this.ground = ground;
    }

    /** The JSON body of a route, null where a body is text or none. */
    ObjectNode json(FuzzedRoute.Form form) {
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        return switch (form) {
            case NONE, TEXT -> null;
            case PUBLIC_TOKEN -> publicToken(body);
            case CREATE -> create();
            case UPDATE -> {
                body.putArray("tags").add(dice.secret());
                body.putObject("metadata").put("note", dice.secret());
                yield body;
            }
            case CLOSE -> body.put("reason", dice.secret()).put("callingRunId", dice.of(ground.worn()).runId());
            case CONTINUE -> body.put("callingRunId", dice.of(ground.worn()).runId())
                    .put("reason", dice.of("upgrade", "manual", "continuation", dice.secret()));
            case BATCH -> batch(body);
            case DEQUEUE -> worker(body).put("version", "v1").put("slots", 1).put("waitSeconds", 1);
            case REGISTER -> {
                worker(body).put("version", "v1").put("capacity", 1).put("promote", false);
                body.putObject("limits").put("fuzzed", 2);
                yield body;
            }
            case PROMOTE -> body.put("task", Ground.MARK + "-task");
            case HEARTBEAT -> {
                worker(body).put("version", "v1").putArray("runs").add(dice.of(ground.worn()).runId());
                yield body;
            }
            case WAIT -> waiting(body);
            case START -> worker(body);
            case COMPLETE -> worker(body).put("outcome", dice.of("completed", "failed", "cancelled"))
                    .put("settledInSeq", 0).put("firstTurnSettled", true).put("error", dice.secret());
        };
    }

    private ObjectNode create() {
        ObjectNode body = Chat.createBody("fuzz-" + UUID.nameUUIDFromBytes(dice.bytes(8)), dice.secret())
                .put("taskIdentifier", Ground.TASK);
        body.putArray("tags").add(dice.secret());
        body.putObject("metadata").put("note", dice.secret());
        if (dice.once(3)) {
            ObjectNode config = (ObjectNode) body.path("triggerConfig");
            config.put("machine", "micro").put("queue", "q").put("maxAttempts", 2).put("maxDuration", 60)
                    .put("lockToVersion", "v1").put("region", "r").put("concurrencyKey", 7).put("ttl", "1h")
                    .put("externalDeploymentId", "d");
            config.putArray("concurrency").add("limit");
            config.putArray("tags").add(dice.secret());
            body.put("expiresAt", dice.of("2099-01-01T00:00:00Z", "2099-01-01", "Tue, 3 Jun 2098 11:05:30 GMT"));
        }
        return body;
    }

    private ObjectNode publicToken(ObjectNode body) {
        body.putArray("scopes").add("read:sessions:" + dice.of(ground.places()).chatId());
        body.put("expirationTime", dice.of("15m", "1h", "2 days")).put("oneTimeUse", true);
        body.putObject("realtime").putArray("skipColumns").add("c");
        return body;
    }

    private ObjectNode waiting(ObjectNode body) {
        body.put("session", dice.of(ground.worn()).chatId()).put("io", dice.of("in", "out"))
                .put("timeout", dice.of("1h", "90s", "2099-01-01T00:00:00Z", dice.secret()))
                .put("lastSeqNum", 1_000_000)
                .put("idempotencyKey", dice.secret()).put("idempotencyKeyTTL", "60s").putArray("tags")
                .add(dice.secret());
        return body;
    }

    private ObjectNode worker(ObjectNode body) {
        return body.put("workerId", "fuzz-worker-" + dice.below(4)).put("task", "fuzzed-queue-" + dice.below(4));
    }

    private ObjectNode batch(ObjectNode body) {
        ArrayNode records = body.putArray("records");
        for (int i = dice.below(3); i >= 0; i--) {
            ObjectNode record = records.addObject();
            if (dice.once(4)) {
                record.put("body", "").putArray("headers").addArray().add("trigger-control").add("pending-version");
            } else {
                record.put("body", "{\"data\":{\"type\":\"" + dice.secret() + "\"},\"id\":\"x\"}");
            }
        }
        return body;
    }

    /** An AppendInput, one time in four the golden trim (contract §13). */
    byte[] protobuf() {
        if (dice.once(4)) {
            return ByteBuffer.allocate(20).put(java.util.HexFormat.of().parseHex("0a12120612047472696d1a08"))
                    .putLong(dice.below(100)).array();
        }
        List<String> bodies = java.util.stream.IntStream.rangeClosed(0, dice.below(3))
                .mapToObj(_ -> "{\"data\":\"" + dice.secret() + "\",\"id\":\"y\"}").toList();
        return dev.baton.system.support.AppendStream.input(bodies);
    }

    String message() {
        return Chat.messageBody("fuzz", dice.secret());
    }
}
