package dev.baton.session.domain;

import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.session.SessionCommand.AppendSide;
import dev.baton.wire.session.SessionReply;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** An append to a side channel, on a new and on a known channel, with and without a part id that was used (decision 0012). */
class SideChannelDeciderTest {
    private static final ChannelRecord RECORD = new ChannelRecord(Sessions.BODY, List.of());

    private static Decision append(long lastSeq, String partId, OptionalLong claimed) {
        return SideChannelDecider.append(lastSeq, new AppendSide(partId, Sessions.BODY), claimed, Sessions.NOW);
    }

    @Test
    void seqsAreDenseFromZeroAndTheNewOneIsCounted() {
        // When
        Decision first = append(-1, null, OptionalLong.empty());
        Decision next = append(7, null, OptionalLong.empty());

        // Then
        assertEquals(List.of(new SessionEffect.WriteIn(0, RECORD), new SessionEffect.CountSide(0),
                new SessionEffect.Reply(new SessionReply.AppendAnswered(0, false))), first.effects());
        assertEquals(List.of(new SessionEffect.WriteIn(8, RECORD), new SessionEffect.CountSide(8),
                new SessionEffect.Reply(new SessionReply.AppendAnswered(8, false))), next.effects());
    }

    @Test
    void aPartIdIsClaimedWithTheRecordAndARepeatWritesNothing() {
        // When
        Decision claiming = append(7, "p1", OptionalLong.empty());
        Decision repeat = append(9, "p1", OptionalLong.of(8));

        // Then
        assertEquals(new SessionEffect.ClaimPart("p1", 8, Sessions.NOW),
                Sessions.only(claiming, SessionEffect.ClaimPart.class));
        assertEquals(List.of(new SessionEffect.Reply(new SessionReply.AppendAnswered(8, true))), repeat.effects());
    }

    @Test
    void nothingHappensToTheSession() {
        // When
        Decision decision = append(-1, "p1", OptionalLong.empty());

        // Then
        assertEquals(List.of(), decision.events());
    }
}
