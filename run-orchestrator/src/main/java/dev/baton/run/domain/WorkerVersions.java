package dev.baton.run.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a queue knows of the code that serves it: which versions there are, which one is current, and how much may run at
 * once. This is the stored format of the version store; fields are only ever added.
 *
 * @param v format version, {@value #FORMAT}
 * @param seen oldest first, at most {@value #VERSIONS_MAX}
 * @param current the version that unlocked runs go to, null before the first one; in records of before it was kept, the
 *     newest
 * @param limits how many runs may execute at once, by name of a limit; null means none
 */
public record WorkerVersions(int v, List<String> seen, String current, Map<String, Integer> limits) {
    public static final int FORMAT = 1;
    /** The oldest is forgotten beyond that; if one of its workers still polls, it counts as new again. */
    public static final int VERSIONS_MAX = 200;
    public static final WorkerVersions NONE = new WorkerVersions(FORMAT, List.of(), null, Map.of());

    public WorkerVersions {
        seen = List.copyOf(seen);
        limits = limits == null ? Map.of() : Map.copyOf(limits);
        current = current == null && !seen.isEmpty() ? seen.getLast() : current;
    }

    public boolean knows(String version) {
        return seen.contains(version);
    }

    public boolean isCurrent(String version) {
        return version.equals(current);
    }

    public WorkerVersions with(String version) {
        if (knows(version)) {
            return this;
        }
        List<String> more = new ArrayList<>(seen);
        more.add(version);
        if (more.size() > VERSIONS_MAX) {
            // The current one is in use, however old it is.
            more.remove(isCurrent(more.getFirst()) ? 1 : 0);
        }
        return new WorkerVersions(FORMAT, more, current == null ? version : current, limits);
    }

    public WorkerVersions promoted(String version) {
        return new WorkerVersions(FORMAT, with(version).seen, version, limits);
    }

    public WorkerVersions limitedTo(Map<String, Integer> changed) {
        return new WorkerVersions(FORMAT, seen, current, changed);
    }
}
