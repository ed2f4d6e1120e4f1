package dev.baton.wire.run;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest steps of one run, oldest first. A run that waits for weeks would take more of them than anybody reads.
 *
 * @param omitted how many older ones are not kept
 */
public record RunSteps(List<RunStep> newest, int omitted) {
    public static final RunSteps NONE = new RunSteps(List.of(), 0);
    public static final int KEPT_MAX = 32;

    public RunSteps {
        newest = newest == null ? List.of() : List.copyOf(newest);
    }

    public RunSteps plus(RunStep step) {
        List<RunStep> steps = new ArrayList<>(newest);
        steps.add(step);
        int surplus = Math.max(0, steps.size() - KEPT_MAX);
        return new RunSteps(steps.subList(surplus, steps.size()), omitted + surplus);
    }
}
