package dev.baton.agent.task;

import dev.baton.agent.AgentRun;
import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.Session;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.history.Snapshot;

/**
 * Where a run goes on.
 *
 * @param settledInSeq what the runs before have dealt with, −1 for nothing
 * @param lastOutSeq newest record on {@code .out}, −1 for none
 */
record TaskStart(long settledInSeq, long lastOutSeq) {
    static TaskStart of(AgentRun run) throws InterruptedException {
        boolean continuation = run.assignment().payload().tree().path("continuation").asBoolean();
        if (run.assignment().attempt() == 1 && !continuation) {
            return new TaskStart(Session.FROM_START, Session.FROM_START);
        }
        Session.Recovery recovery = run.session().recovery(false);
        long in = recovery.snapshot().map(Snapshot::lastInSeq).orElse(Session.FROM_START);
        long out = recovery.snapshot().map(Snapshot::lastOutSeq).orElse(Session.FROM_START);
        for (LogRecord record : recovery.out()) {
            out = Math.max(out, record.seq());
            if (record.isControl(ChannelRecord.TURN_COMPLETE)) {
                in = Math.max(in, Boundary.consumedInSeq(record.header(ChannelRecord.SESSION_IN_EVENT_ID)));
            }
        }
        return new TaskStart(in, out);
    }
}
