package dev.baton.session.domain;

import java.util.List;

import dev.baton.wire.session.WaitRow;

/** What happened to the waits on the channels of one session. Times are epoch milliseconds. */
public sealed interface WaitEvent {
    /**
     * @param row completed already when the record it waits for was there before it
     * @param key null when the run gave none
     */
    record WaitRegistered(WaitRow row, Waits.UsedKey key) implements WaitEvent {}

    record WaitsCompleted(List<String> waitpointIds) implements WaitEvent {}

    /** Timed out, or nobody came back for them. */
    record DeadWaitsForgotten(long at) implements WaitEvent {}
}
