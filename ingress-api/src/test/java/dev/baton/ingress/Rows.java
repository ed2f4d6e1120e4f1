package dev.baton.ingress;

import java.util.List;

import dev.baton.wire.json.Json;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.TriggerConfig;

/** Session rows for tests: open, generation 1, created at 0. */
public final class Rows {
    public static final String SESSION_ID = "session_caaaaaaaaaaaaaaaaaaaaaaaa";
    private static final TriggerConfig CONFIG = new TriggerConfig(new Json("{\"a\":1}"), null, null, null, null, null,
            null, null, 30, null, null, null, null);

    private Rows() {}

    public static SessionRow open(String externalId) {
        return row(externalId, 1, null, null, 1, -1, 0);
    }

    public static SessionRow closed(String externalId, String reason) {
        return row(externalId, 2, 5L, reason, 1, -1, 0);
    }

    public static SessionRow ofGeneration(String externalId, long generation) {
        return row(externalId, generation, null, null, generation, -1, 0);
    }

    /** Its run is over, and nobody has followed it. */
    public static SessionRow vacant(String externalId, long generation) {
        SessionRow live = ofGeneration(externalId, generation);
        return new SessionRow(live.v(), live.rowVersion() + 1, live.environmentId(), live.id(), live.externalId(),
                live.type(), live.taskIdentifier(), CONFIG, live.tags(), null, null, null, null, 0, 0,
                live.currentRunId(), generation, false, -1, -1, -1, -1, 0, null, null, null);
    }

    public static SessionRow withFloor(SessionRow row, long floor) {
        return row(row.externalId(), row.rowVersion() + 1, null, null, row.generation(), -1, floor);
    }

    public static SessionRow settledAt(SessionRow row, long outSeq) {
        return row(row.externalId(), row.rowVersion() + 1, null, null, row.generation(), outSeq, 0);
    }

    /** A session of its own: the number makes its id and the time of its creation. */
    public static SessionRow numbered(int number, String environmentId, String task, String... tags) {
        return new SessionRow(SessionRow.FORMAT, 1, environmentId, "session_c%024d".formatted(number), "chat-" + number,
                "chat.agent", task, CONFIG, List.of(tags), null, null, null, null, number, number, "run_" + number, 1,
                true, -1, -1, -1, -1, 0, null, null, null);
    }

    /** The next version of a row with another end, or none. */
    public static SessionRow ending(SessionRow row, Long closedAt, Long expiresAt, String... tags) {
        return new SessionRow(SessionRow.FORMAT, row.rowVersion() + 1, row.environmentId(), row.id(), row.externalId(),
                row.type(), row.taskIdentifier(), CONFIG, List.of(tags), null, closedAt, null, expiresAt,
                row.createdAt(), row.updatedAt(), row.currentRunId(), 1, true, -1, -1, -1, -1, 0, null, null, null);
    }

    private static SessionRow row(String externalId, long version, Long closedAt, String reason, long generation,
            long settledOutSeq, long floor) {
        return new SessionRow(SessionRow.FORMAT, version, "env_dev", SESSION_ID, externalId, "chat.agent", "echo",
                CONFIG, List.of("t"), null, closedAt, reason, null, 0, 0, "run_" + generation, generation,
                closedAt == null, -1,
                -1, settledOutSeq, -1, floor, null, null, null);
    }
}
