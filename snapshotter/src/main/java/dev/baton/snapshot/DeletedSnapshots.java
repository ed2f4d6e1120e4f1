package dev.baton.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.snapshot.turn.SnapshotRemover;
import dev.baton.snapshot.turn.StoreException;
import dev.baton.wire.Names;
import dev.baton.wire.service.ObjectStoreSettings;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Environments;

/**
 * Clears the names of snapshots whose session was deleted, from the receipts that are read with all other rows.
 *
 * <p>Every process does it for all sessions: clearing twice costs a request, and nobody has to find out who serves a
 * partition. Once is not enough: a turn that was being stored when the receipt came is stored behind it, and an agent may
 * hold a URL to write with. So a name is cleared again when each of these is over. If we die in between, the receipt is
 * read again at the next start and begins anew, unless it is old.
 */
final class DeletedSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(DeletedSnapshots.class);
    /** Longer than a worker that read the row before can take to store its turn. */
    private static final Duration TURN_UNDER_WAY = Duration.ofMinutes(1);
    private static final Duration URL_IN_USE = ObjectStoreSettings.URL_VALIDITY.plusMinutes(1);
    /** A start does not go through the receipts of all times. Whoever is away for longer has missed more than these. */
    static final Duration RECEIPT_AGE_MAX = Duration.ofDays(7);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private record Due(String object, SessionKey key, Instant at) {}

    private final SnapshotRemover remover;
    private final Environments environments;
    private final InstantSource clock;
    private final SnapshotterMetrics metrics;
    private final PriorityBlockingQueue<Due> queue = new PriorityBlockingQueue<>(11, Comparator.comparing(Due::at));

    DeletedSnapshots(SnapshotRemover remover, Environments environments, InstantSource clock,
            SnapshotterMetrics metrics) {
        this.remover = remover;
        this.environments = environments;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Called by the reader of rows, for every receipt that it reads. */
    void receipt(SessionKey key, SessionFacts deleted) {
        Instant now = clock.instant();
        Instant at = Instant.ofEpochMilli(deleted.deletedAt());
        if (at.plus(RECEIPT_AGE_MAX).isBefore(now)) {
            return;
        }
        environments.byId(key.environmentId()).map(environment -> Names.snapshotObject(environment.projectRef(),
                environment.slug(), deleted.sessionId()))
                .ifPresent(object -> times(at, now).forEach(time -> queue.add(new Due(object, key, time))));
    }

    /** What is over already is one removal. */
    private static List<Instant> times(Instant deletedAt, Instant now) {
        return Stream.of(now, deletedAt.plus(TURN_UNDER_WAY), deletedAt.plus(URL_IN_USE))
                .filter(time -> !time.isBefore(now)).toList();
    }

    /** Removes what is due. Called by one thread, which waits on the store. */
    void clearDue() {
        Instant now = clock.instant();
        for (Due due = queue.poll(); due != null; due = queue.poll()) {
            if (due.at().isAfter(now)) {
                queue.add(due);
                return;
            }
            clear(due);
        }
    }

    private void clear(Due due) {
        try {
            remover.remove(due.object());
            metrics.removed();
            LOG.debug("cleared the snapshot of a deleted session: session={}", Names.fingerprint(due.key().toString()));
        } catch (StoreException e) {
            metrics.storeFailed();
            LOG.warn("the snapshot of a deleted session is not removed yet: session={} reason={}",
                    Names.fingerprint(due.key().toString()), e.getMessage());
            queue.add(new Due(due.object(), due.key(), clock.instant().plus(RETRY)));
        }
    }
}
