package dev.baton.audit.topic;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.apache.kafka.common.TopicPartition;

import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * The newest rows of one partition. Read up to where the topic was written at the moment of the call, so that of a
 * transaction whose records were seen before, the rows are here too: its markers reach each partition by itself, but its
 * records are written before any of them.
 */
public final class Rows {
    private final Map<SessionKey, SessionRow> sessions;
    private final Map<SessionKey, List<SessionRunRow>> runs;

    private Rows(Map<SessionKey, SessionRow> sessions, Map<SessionKey, List<SessionRunRow>> runs) {
        this.sessions = sessions;
        this.runs = runs;
    }

    /** First the rows of the sessions, then their provenance, which is never older. */
    public static Rows read(TopicReader topics, int partition) {
        return of(sessions(topics, partition), runs(topics, partition), () -> sessions(topics, partition));
    }

    /**
     * A session that is created in between has provenance and no row. It is too new to be judged: left out. One that is
     * deleted in between has a row and no provenance any more: its receipt is taken.
     *
     * @param runs read after {@code sessions}
     * @param sessionsAgain reads the rows of the sessions once more, and so after the provenance
     */
    static Rows of(Map<SessionKey, SessionRow> sessions, Map<SessionKey, List<SessionRunRow>> runs,
            Supplier<Map<SessionKey, SessionRow>> sessionsAgain) {
        boolean created = !sessions.keySet().containsAll(runs.keySet());
        boolean deleted = sessions.values().stream()
                .anyMatch(row -> row.generation() > 0 && !row.deleted() && !runs.containsKey(row.key()));
        if (!created && !deleted) {
            return new Rows(sessions, runs);
        }
        Map<SessionKey, SessionRow> known = new LinkedHashMap<>(sessions);
        Map<SessionKey, List<SessionRunRow>> told = new HashMap<>(runs);
        sessionsAgain.get().forEach((key, row) -> {
            if (row.deleted()) {
                known.computeIfPresent(key, (_, before) -> row);
            }
            if (!sessions.containsKey(key)) {
                told.remove(key);
            }
        });
        return new Rows(known, told);
    }

    public static Map<SessionKey, SessionRow> sessions(TopicReader topics, int partition) {
        Map<SessionKey, SessionRow> rows = new LinkedHashMap<>();
        newest(topics, new TopicPartition(Names.SESSIONS_TOPIC, partition), SessionRow.class, Rows::light)
                .forEach((key, row) -> key(key).ifPresent(session -> rows.put(session, row)));
        return rows;
    }

    /** Without what the application gave to it, which nothing here judges: there may be many rows in memory. */
    private static SessionRow light(SessionRow row) {
        return new SessionRow(row.v(), row.rowVersion(), row.environmentId(), row.id(), row.externalId(), row.type(),
                row.taskIdentifier(), null, List.of(), null, row.closedAt(), row.closedReason(), row.expiresAt(),
                row.createdAt(), row.updatedAt(), row.currentRunId(), row.generation(), row.runLive(), row.lastInSeq(),
                row.settledInSeq(), row.settledOutSeq(), row.fenceOutSeq(), row.floorOutSeq(), row.backoffUntil(),
                row.historyKeeper(), row.deletedAt());
    }

    private static Map<SessionKey, List<SessionRunRow>> runs(TopicReader topics, int partition) {
        Map<SessionKey, List<SessionRunRow>> rows = new HashMap<>();
        newest(topics, new TopicPartition(Names.SESSION_RUNS_TOPIC, partition), SessionRunRow.class, run -> run)
                .forEach((key, row) -> key(Names.sessionKeyOf(key))
                        .ifPresent(session -> rows.computeIfAbsent(session, _ -> new ArrayList<>()).add(row)));
        rows.values().forEach(all -> all.sort(Comparator.comparingLong(SessionRunRow::generation)));
        return rows;
    }

    private static <T> Map<String, T> newest(TopicReader topics, TopicPartition partition, Class<T> type,
            UnaryOperator<T> kept) {
        Map<String, T> rows = new LinkedHashMap<>();
        topics.read(partition, topics.begin(partition), topics.writtenEnd(partition), record -> {
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                rows.remove(key);
            } else {
                parsed(record.value(), type).map(kept).ifPresent(row -> rows.put(key, row));
            }
        });
        return rows;
    }

    /** A row that cannot be read counts as none: whatever misses it says so. */
    private static <T> Optional<T> parsed(byte[] value, Class<T> type) {
        try {
            return Optional.of(WireJson.read(value, type));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static Optional<SessionKey> key(String text) {
        try {
            return Optional.of(Names.parseSessionKey(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public Collection<SessionKey> keys() {
        return sessions.keySet();
    }

    /** Sessions of which there are runs. */
    public Collection<SessionKey> keysOfRuns() {
        return runs.keySet();
    }

    /** Null when there is none. */
    public SessionRow session(SessionKey key) {
        return sessions.get(key);
    }

    /** In order of the generations; empty when there are none. */
    public List<SessionRunRow> runs(SessionKey key) {
        return runs.getOrDefault(key, List.of());
    }
}
