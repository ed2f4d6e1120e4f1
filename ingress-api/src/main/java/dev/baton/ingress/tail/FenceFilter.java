package dev.baton.ingress.tail;

/**
 * Hides what a superseded run still wrote after its successor's fence (design D5). One per reader; fed with every
 * record of the session in order. A record of generation g proves that the fence g lies before it, so the level also
 * rises with accepted writers, and a reader that starts behind a fence learns of it at the successor's first record.
 */
final class FenceFilter {
    private long level;

    /** @param level generation whose fence is known to lie before the first record, 0 when none is known */
    FenceFilter(long level) {
        this.level = level;
    }

    /** Whether the record counts; writers that named no run always do. */
    boolean admits(TailEntry entry) {
        level = Math.max(level, entry.fence());
        if (entry.generation() > 0 && entry.generation() < level) {
            return false;
        }
        level = Math.max(level, entry.generation());
        return true;
    }
}
