package dev.baton.wire.session;

import java.util.List;

import dev.baton.wire.json.Json;

/**
 * What everybody may know of a session: the value of topic {@code baton.sessions} and the source of every session
 * answer over HTTP. Times are epoch milliseconds, null means absent.
 *
 * @param v format version of this row, {@value #FORMAT}
 * @param rowVersion +1 with every change of the row; of two rows the higher one is newer
 * @param id the friendly id, {@code session_…}
 * @param currentRunId the run that owns the session or owned it last
 * @param generation of the current run; 0 before the first one
 * @param runLive whether the current run is requested or running
 * @param lastInSeq highest {@code .in} seq when the row was written, −1 when there is none (rows are not written for
 *     every append: a lower bound)
 * @param settledInSeq highest {@code .in} seq that a completed turn has consumed, −1 when there is none
 * @param settledOutSeq {@code .out} seq of the newest turn-complete, −1 when there is none
 * @param fenceOutSeq {@code .out} seq of the fence of {@code generation}, −1 until it is known
 * @param floorOutSeq first {@code .out} seq that readers of the protocol still see, 0 when nothing was trimmed
 * @param backoffUntil when the next run after a series of crashes starts, null when nothing waits
 * @param historyKeeper {@value #AGENT} when the agent keeps the history itself, null when the snapshotter does
 * @param deletedAt when the session was deleted, null while it was not. Such a row is a receipt: it has ids, times and
 *     counts, and nothing that anybody wrote
 */
public record SessionRow(int v, long rowVersion, String environmentId, String id, String externalId, String type,
        String taskIdentifier, TriggerConfig triggerConfig, List<String> tags, Json metadata, Long closedAt,
        String closedReason, Long expiresAt, long createdAt, long updatedAt, String currentRunId, long generation,
        boolean runLive, long lastInSeq, long settledInSeq, long settledOutSeq, long fenceOutSeq, long floorOutSeq,
        Long backoffUntil, String historyKeeper, Long deletedAt) {
    public static final int FORMAT = 1;
    public static final String AGENT = "agent";

    public SessionKey key() {
        return new SessionKey(environmentId, chatId());
    }

    /** The canonical stream key: externalId, or the friendly id of a session that has none. */
    public String chatId() {
        return externalId == null ? id : externalId;
    }

    /**
     * Whether the session knows that this writer writes no more: its run was superseded, or it has ended and nobody
     * has followed it yet (design D5).
     *
     * @param writerGeneration 0 for a writer that names no run: never
     */
    public boolean hasLeft(long writerGeneration) {
        return writerGeneration > 0
                && (writerGeneration < generation || writerGeneration == generation && !runLive);
    }

    public boolean closed() {
        return closedAt != null;
    }

    public boolean keptByAgent() {
        return AGENT.equals(historyKeeper);
    }

    public boolean deleted() {
        return deletedAt != null;
    }

    public boolean expiredAt(long nowMs) {
        return expiresAt != null && expiresAt <= nowMs;
    }
}
