package dev.baton.session.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.session.SessionCommand.CompleteWaits;
import dev.baton.wire.session.SessionCommand.RegisterWait;
import dev.baton.wire.session.SessionCommand.WaitCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.WaitRow;

/**
 * Judges waits (contract §3, decision 0010). Pure. Registering and appending meet in one partition, one after the other,
 * so a record either is there when the wait is registered, or takes the wait with it: no wake-up can fall between.
 */
public final class WaitDecider {
    /** A run waits on one channel at a time; more than this on one session is somebody's loop. */
    public static final int PENDING_MAX = 100;
    private static final String IN = Channel.IN.wireName();

    /**
     * What a command meets besides the waits.
     *
     * @param at epoch milliseconds: the clock of the command
     * @param lastInSeq highest seq on {@code .in}, −1 when there is none
     */
    public record Occasion(SessionKey key, long at, long lastInSeq) {}

    private WaitDecider() {}

    public static WaitDecision decide(Waits waits, WaitCommand command, Occasion occasion) {
        return switch (command) {
            case RegisterWait registration -> register(waits, registration, occasion);
            case CompleteWaits completion -> completed(waits, completion, occasion.at());
        };
    }

    /**
     * A record was appended to {@code .in}: it is what all of them have been waiting for. A wait that is over by the clock of
     * this append is gone for good: another ingress, with a slower clock, must not complete it with a record after this one.
     */
    public static WaitDecision appended(Waits waits, long seq, long at) {
        return complete(waits, matching(waits, IN, null, at), seq, at, null);
    }

    /** Time has passed. */
    public static WaitDecision forget(Waits waits, long at) {
        boolean nothingDead = waits.aliveAt(at).equals(waits);
        return nothingDead
                ? WaitDecision.NOTHING
                : new WaitDecision(List.of(new WaitEvent.DeadWaitsForgotten(at)), List.of(), null);
    }

    private static WaitDecision register(Waits waits, RegisterWait wanted, Occasion occasion) {
        long at = occasion.at();
        Optional<Waits.UsedKey> used = wanted.idempotencyKey() == null
                ? Optional.empty()
                : waits.used(wanted.runId(), wanted.idempotencyKey(), at);
        if (used.isPresent()) {
            return new WaitDecision(List.of(), List.of(),
                    new SessionReply.WaitAnswered(used.get().waitpointId(), true));
        }
        Waits alive = waits.aliveAt(at);
        if (alive.pending().size() >= PENDING_MAX) {
            return new WaitDecision(List.of(), List.of(),
                    new SessionReply.Refused(Refusal.TOO_MANY_WAITS, Integer.toString(PENDING_MAX)));
        }
        WaitRow wait = row(wanted, occasion);
        List<WaitEvent> events = new ArrayList<>(forget(waits, at).events());
        events.add(new WaitEvent.WaitRegistered(wait, key(wanted)));
        return new WaitDecision(events, List.of(wait), new SessionReply.WaitAnswered(wait.waitpointId(), false));
    }

    /** The first record after the cursor is the next seq: {@code .in} is dense. {@code .out} is the ingress' to look at. */
    private static WaitRow row(RegisterWait wanted, Occasion occasion) {
        WaitRow wait = new WaitRow(WaitRow.FORMAT, wanted.waitpointId(), occasion.key().environmentId(),
                occasion.key().chatId(), wanted.io(), wanted.runId(), wanted.tags(), occasion.at(),
                wanted.timeoutAt(), null, null);
        boolean there = wanted.io().equals(IN) && occasion.lastInSeq() > wanted.lastSeqNum();
        return there ? wait.completed(wanted.lastSeqNum() + 1, occasion.at()) : wait;
    }

    private static Waits.UsedKey key(RegisterWait wanted) {
        return wanted.idempotencyKey() == null
                ? null
                : new Waits.UsedKey(wanted.runId(), wanted.idempotencyKey(), wanted.waitpointId(),
                        wanted.idempotencyExpiresAt());
    }

    private static WaitDecision completed(Waits waits, CompleteWaits command, long at) {
        List<WaitRow> taken = matching(waits, command.io(), command.waitpointId(), at);
        return complete(waits, taken, command.seq(), at, new SessionReply.WaitAnswered(command.waitpointId(), true));
    }

    private static WaitDecision complete(Waits waits, List<WaitRow> taken, long seq, long at, SessionReply reply) {
        List<WaitEvent> events = new ArrayList<>(forget(waits, at).events());
        if (!taken.isEmpty()) {
            events.add(new WaitEvent.WaitsCompleted(taken.stream().map(WaitRow::waitpointId).toList()));
        }
        return new WaitDecision(events, taken.stream().map(wait -> wait.completed(seq, at)).toList(), reply);
    }

    /** @param waitpointId null for all */
    private static List<WaitRow> matching(Waits waits, String io, String waitpointId, long at) {
        return waits.aliveAt(at).pending().stream()
                .filter(wait -> wait.io().equals(io)
                        && (waitpointId == null || wait.waitpointId().equals(waitpointId)))
                .toList();
    }
}
