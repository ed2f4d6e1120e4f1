package dev.baton.audit.replay;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.session.SessionRow;

/**
 * A session as the topics tell it, up to some point.
 *
 * @param row the newest row, whatever the point is
 * @param complete false when records of the session have left the topics by retention: what is here is the rest
 * @param untilMs epoch milliseconds of the point, null for the end
 * @param timeline in order
 * @param messages UI messages, an answer that is not complete included
 * @param voidRecords records on {@code .out} that no reader is shown, because a later generation had taken over
 */
public record Replay(SessionRow row, boolean complete, Long untilMs, List<ReplayFact> timeline,
        List<ObjectNode> messages, long voidRecords) {
    public Replay {
        timeline = List.copyOf(timeline);
        messages = List.copyOf(messages);
    }
}
