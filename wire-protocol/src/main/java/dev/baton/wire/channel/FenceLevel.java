package dev.baton.wire.channel;

/**
 * Tells what a superseded run still wrote behind its successor's fence (design D5). One per reader and session, fed with
 * every record of the session's {@code .out} in order, on one thread. A record of generation g proves that the fence g
 * lies before it, so the level also rises with accepted writers, and a reader that starts behind a fence learns of it at
 * the successor's first record.
 */
public final class FenceLevel {
    private long level;

    /** @param known generation whose fence is known to lie before the first record, 0 when none is known */
    public FenceLevel(long known) {
        this.level = known;
    }

    /** Whether this record counts; a fence counts unless one of a later generation came before it. */
    public boolean admits(StoredRecord stored) {
        return admits(stored.fence(), stored.isFence() ? stored.fence() : stored.writer().generation());
    }

    /**
     * Whether a record counts; one whose writer named no run always does.
     *
     * @param fence generation that the record fences, 0 when it is no fence
     * @param writerGeneration generation of its writer, 0 when the writer named no run
     */
    public boolean admits(long fence, long writerGeneration) {
        level = Math.max(level, fence);
        if (writerGeneration > 0 && writerGeneration < level) {
            return false;
        }
        level = Math.max(level, writerGeneration);
        return true;
    }

    /** The highest generation that is known to have taken over, 0 before the first. */
    public long level() {
        return level;
    }
}
