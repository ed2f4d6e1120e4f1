package dev.baton.session.domain;

import java.util.List;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** All that a decision can ask of the world. The adapter performs them in the transaction of the decision. */
public sealed interface SessionEffect {
    /** A record for readers of {@code .in}. */
    record WriteIn(long seq, ChannelRecord record) implements SessionEffect {}

    /** The first message, for the snapshotter and auditors only: it has no seq. */
    record WriteFirstTurn(ChannelRecord record) implements SessionEffect {}

    /** The side channel under this key has come so far on {@code .in}. */
    record CountSide(long lastSeq) implements SessionEffect {}

    /** What the server itself says on {@code .out}, in the name of a run that is over. */
    record WriteOut(List<ChannelRecord> records, Writer writer) implements SessionEffect {}

    /** Repeats of this part id get this seq (contract §2.5). */
    record ClaimPart(String partId, long seq, long at) implements SessionEffect {}

    record PublishRow(SessionRow row) implements SessionEffect {}

    record PublishProvenance(SessionRunRow row) implements SessionEffect {}

    /** The rows of all generations up to this one go. */
    record RemoveProvenance(String sessionId, long generation) implements SessionEffect {}

    /** @param taskIdentifier names the queue */
    record RequestRun(String taskIdentifier, RunRequest.StartRun request) implements SessionEffect {}

    /** @param taskIdentifier names the queue */
    record WithdrawRun(String taskIdentifier, RunRequest.WithdrawRun request) implements SessionEffect {}

    /** To whoever sent the command, if it wants an answer. */
    record Reply(SessionReply reply) implements SessionEffect {}
}
