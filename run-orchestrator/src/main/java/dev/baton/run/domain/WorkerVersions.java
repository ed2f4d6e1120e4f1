package dev.baton.run.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * The worker versions a queue has seen. This is the stored format of the version store.
 *
 * @param v format version, {@value #FORMAT}
 * @param seen oldest first, at most {@value #VERSIONS_MAX}
 */
public record WorkerVersions(int v, List<String> seen) {
    public static final int FORMAT = 1;
    /** The oldest is forgotten beyond that; if one of its workers still polls, it counts as new again. */
    public static final int VERSIONS_MAX = 200;
    public static final WorkerVersions NONE = new WorkerVersions(FORMAT, List.of());

    public WorkerVersions {
        seen = List.copyOf(seen);
    }

    /** Higher is newer, −1 when unknown. */
    public int rank(String version) {
        return seen.indexOf(version);
    }

    public WorkerVersions with(String version) {
        if (seen.contains(version)) {
            return this;
        }
        List<String> more = new ArrayList<>(seen);
        more.add(version);
        return new WorkerVersions(FORMAT, more.subList(Math.max(0, more.size() - VERSIONS_MAX), more.size()));
    }
}
