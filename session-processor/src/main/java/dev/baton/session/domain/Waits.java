package dev.baton.session.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.baton.wire.session.WaitRow;

/**
 * The waits on the channels of one session that nothing has completed yet, and the idempotency keys of late (contract
 * §3). They stand apart from the session's state because a channel can be waited on before its session exists.
 *
 * <p>A wait that is over, by whatever cause, leaves no trace in here:
 *
 * <pre>
 * (none) -> pending : WaitRegistered
 * pending -> (none) : WaitsCompleted, DeadWaitsForgotten
 * </pre>
 *
 * @param pending in the order of their registration
 */
public record Waits(List<WaitRow> pending, List<UsedKey> usedKeys) {
    public static final Waits NONE = new Waits(List.of(), List.of());
    /**
     * A repeat comes soon after its first: one that comes after so many other keys gets a wait of its own. Refusing new
     * keys instead would keep a run that uses one for each turn from waiting at all.
     */
    public static final int USED_KEYS_MAX = 100;

    /**
     * An idempotency key and the wait it stands for.
     *
     * @param expiresAt epoch milliseconds
     */
    public record UsedKey(String runId, String key, String waitpointId, long expiresAt) {}

    public Waits {
        pending = List.copyOf(pending);
        usedKeys = List.copyOf(usedKeys);
    }

    public boolean isEmpty() {
        return pending.isEmpty() && usedKeys.isEmpty();
    }

    Optional<UsedKey> used(String runId, String key, long at) {
        return usedKeys.stream()
                .filter(used -> used.runId().equals(runId) && used.key().equals(key) && used.expiresAt() > at)
                .findFirst();
    }

    Waits registered(WaitRow wait, UsedKey key) {
        return new Waits(wait.completedAt() == null ? with(pending, wait) : pending,
                key == null ? usedKeys : latest(with(usedKeys, key)));
    }

    Waits completed(List<String> waitpointIds) {
        return new Waits(pending.stream().filter(wait -> !waitpointIds.contains(wait.waitpointId())).toList(),
                usedKeys);
    }

    /** Without what is over at this time. */
    Waits aliveAt(long at) {
        return new Waits(pending.stream().filter(wait -> wait.statusAt(at) == WaitRow.Status.WAITING).toList(),
                usedKeys.stream().filter(used -> used.expiresAt() > at).toList());
    }

    private static List<UsedKey> latest(List<UsedKey> keys) {
        return keys.subList(Math.max(0, keys.size() - USED_KEYS_MAX), keys.size());
    }

    private static <T> List<T> with(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
