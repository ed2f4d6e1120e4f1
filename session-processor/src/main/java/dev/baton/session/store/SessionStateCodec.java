package dev.baton.session.store;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import dev.baton.session.domain.Ownership;
import dev.baton.session.domain.SessionFacts;
import dev.baton.session.domain.SessionState;
import dev.baton.session.domain.Streak;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionRunRow;

/** Bytes of a session's state: JSON with a format number, pinned by golden bytes. An absent session has no entry. */
public final class SessionStateCodec {
    private SessionStateCodec() {}

    public static Serde<SessionState.Known> serde() {
        return Serdes.serdeFrom((topic, state) -> state == null ? null : write(state),
                (topic, bytes) -> bytes == null ? null : read(bytes));
    }

    static byte[] write(SessionState.Known state) {
        return switch (state) {
            case SessionState.Open open -> WireJson.bytes(stored(open.facts(), null, null, null));
            case SessionState.Closed closed ->
                WireJson.bytes(stored(closed.facts(), closed.closedAt(), closed.closedReason(), null));
            case SessionState.Deleted deleted ->
                WireJson.bytes(stored(deleted.facts(), deleted.closedAt(), null, deleted.deletedAt()));
        };
    }

    /**
     * @throws SerializationException when the bytes are not of a known format. The task then stops: a state that cannot
     *     be read must not be overwritten
     */
    static SessionState.Known read(byte[] bytes) {
        try {
            int format = WireJson.MAPPER.readTree(bytes).path("v").asInt();
            if (format != StoredSession.FORMAT) {
                throw new SerializationException("expected a session state of format " + StoredSession.FORMAT
                        + ", but was " + format + ": start a version of Baton that knows this format");
            }
            return state(WireJson.read(bytes, StoredSession.class));
        } catch (IOException | UncheckedIOException e) {
            throw new SerializationException("expected the JSON of a session state", e);
        }
    }

    private static StoredSession stored(SessionFacts facts, Long closedAt, String closedReason,
            Long deletedAt) {
        SessionRunRow run = facts.ownership().lastRun().orElse(null);
        StoredSession.Owner owner = switch (facts.ownership()) {
            case Ownership.Unowned _ -> StoredSession.Owner.UNOWNED;
            case Ownership.Requested _ -> StoredSession.Owner.REQUESTED;
            case Ownership.Live _ -> StoredSession.Owner.LIVE;
            case Ownership.Ended _ -> StoredSession.Owner.ENDED;
        };
        Long notBefore = facts.ownership() instanceof Ownership.Requested requested ? requested.notBefore() : null;
        return new StoredSession(StoredSession.FORMAT, facts.rowVersion(), facts.profile(), facts.cursors(), closedAt,
                closedReason, facts.firstTurn(), owner, run, notBefore, facts.previousRun(), facts.streak().fruitless(),
                facts.streak().killed() == 0 ? null : facts.streak().killed(), deletedAt);
    }

    private static SessionState.Known state(StoredSession stored) {
        SessionFacts facts = new SessionFacts(stored.rowVersion(), stored.profile(), stored.cursors(),
                stored.firstTurn(), ownership(stored), stored.previousRun(),
                new Streak(stored.fruitlessRuns(), stored.killedRuns() == null ? 0 : stored.killedRuns()));
        if (stored.deletedAt() != null) {
            return new SessionState.Deleted(facts, stored.closedAt(), stored.deletedAt());
        }
        return stored.closedAt() == null
                ? new SessionState.Open(facts)
                : new SessionState.Closed(facts, stored.closedAt(), stored.closedReason());
    }

    private static Ownership ownership(StoredSession stored) {
        return switch (stored.owner()) {
            case UNOWNED -> new Ownership.Unowned();
            case REQUESTED -> new Ownership.Requested(stored.run(), stored.notBefore());
            case LIVE -> new Ownership.Live(stored.run());
            case ENDED -> new Ownership.Ended(stored.run());
        };
    }
}
