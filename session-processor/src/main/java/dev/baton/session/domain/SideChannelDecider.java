package dev.baton.session.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.session.SessionCommand.AppendSide;
import dev.baton.wire.session.SessionReply;

/**
 * Judges appends to the {@code .in} of a side channel (contract §2.8, decision 0012). It only counts: nobody is bound to
 * answer, nobody is woken, and the session knows nothing of it. Pure.
 */
public final class SideChannelDecider {
    private SideChannelDecider() {}

    /**
     * @param lastSeq highest seq of this side channel, −1 before the first
     * @param claimedSeq seq that the part id was given within {@link SessionDecider#PART_CLAIM_TTL}, if it was
     * @param at epoch milliseconds: the clock of the command
     */
    public static Decision append(long lastSeq, AppendSide append, OptionalLong claimedSeq, long at) {
        if (append.partId() != null && claimedSeq.isPresent()) {
            return answered(List.of(), new SessionReply.AppendAnswered(claimedSeq.getAsLong(), true));
        }
        long seq = lastSeq + 1;
        List<SessionEffect> effects = new ArrayList<>();
        effects.add(new SessionEffect.WriteIn(seq, new ChannelRecord(append.body(), List.of())));
        effects.add(new SessionEffect.CountSide(seq));
        if (append.partId() != null) {
            effects.add(new SessionEffect.ClaimPart(append.partId(), seq, at));
        }
        return answered(effects, new SessionReply.AppendAnswered(seq, false));
    }

    private static Decision answered(List<SessionEffect> effects, SessionReply reply) {
        List<SessionEffect> all = new ArrayList<>(effects);
        all.add(new SessionEffect.Reply(reply));
        return new Decision(List.of(), all);
    }
}
