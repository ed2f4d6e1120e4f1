package dev.baton.run.domain;

import dev.baton.run.domain.RunState.Dispatched;
import dev.baton.run.domain.RunState.Executing;
import dev.baton.run.domain.RunState.Queued;
import dev.baton.run.domain.RunState.Stopping;
import dev.baton.run.domain.RunState.Waiting;

/** Every move of a run there is; null stands for "no state": before the request and after the end. */
public enum RunMove {
    REQUESTED(null, Queued.class),
    ASSIGNED(Queued.class, Dispatched.class),
    WITHDRAWN_OR_EXPIRED(Queued.class, null),
    CAME_BACK(Dispatched.class, Queued.class),
    STARTED(Dispatched.class, Executing.class),
    WITHDRAWN_OR_ENDED_BEFORE_THE_START(Dispatched.class, null),
    WAITS(Executing.class, Waiting.class),
    GOES_ON(Waiting.class, Executing.class),
    MUST_STOP(Executing.class, Stopping.class),
    MUST_STOP_WAITING(Waiting.class, Stopping.class),
    ENDED(Executing.class, null),
    ENDED_WAITING(Waiting.class, null),
    STOPPED(Stopping.class, null);

    private final Class<? extends RunState> from;
    private final Class<? extends RunState> to;

    RunMove(Class<? extends RunState> from, Class<? extends RunState> to) {
        this.from = from;
        this.to = to;
    }

    /**
     * The move between two states of one run, each null where there is none.
     *
     * @throws IllegalArgumentException when there is no such move
     */
    public static RunMove between(RunState before, RunState after) {
        Class<?> from = before == null ? null : before.getClass();
        Class<?> to = after == null ? null : after.getClass();
        for (RunMove move : values()) {
            if (move.from == from && move.to == to) {
                return move;
            }
        }
        throw new IllegalArgumentException("expected a listed move of a run, but was " + from + " to " + to);
    }
}
