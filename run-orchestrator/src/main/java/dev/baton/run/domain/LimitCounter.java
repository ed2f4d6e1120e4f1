package dev.baton.run.domain;

import java.util.HashMap;
import java.util.Map;

import dev.baton.run.domain.RunState.Held;
import dev.baton.run.domain.RunState.Waiting;
import dev.baton.run.domain.RunTerms.LimitUse;
import dev.baton.wire.run.RunRequest.StartRun;

/** How much of every limit is in use while one decision is made. Runs that only wait use nothing. */
final class LimitCounter {
    private final Map<String, Integer> limits;
    private final Map<LimitUse, Integer> used = new HashMap<>();

    LimitCounter(RunQueue queue) {
        limits = queue.versions().limits();
        if (!limits.isEmpty()) {
            queue.held().stream().filter(run -> !(run instanceof Waiting)).map(Held::request).forEach(this::use);
        }
    }

    boolean allows(StartRun run) {
        return limits.isEmpty() || RunTerms.limits(run).stream().allMatch(
                use -> used.getOrDefault(use, 0) < limits.getOrDefault(use.name(), Integer.MAX_VALUE));
    }

    void use(StartRun run) {
        if (!limits.isEmpty()) {
            RunTerms.limits(run).forEach(use -> used.merge(use, 1, Integer::sum));
        }
    }
}
