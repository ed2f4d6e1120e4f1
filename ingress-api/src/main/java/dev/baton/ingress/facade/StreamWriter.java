package dev.baton.ingress.facade;

import java.util.OptionalLong;

import dev.baton.ingress.command.CommandGateway;
import dev.baton.ingress.log.ChannelAppender;
import dev.baton.ingress.log.ChannelAppender.Appended;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.Names;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.FacadeGrant;

/**
 * Writes one stream with one token. Every batch is judged anew: a run that was superseded since the token was issued, or
 * since its session was opened, writes no more (design D5). Safe for all threads; batches keep the order in which one
 * thread begins them.
 */
public final class StreamWriter {
    private final FacadeGrant grant;
    private final SessionDirectory sessions;
    private final ChannelAppender out;
    private final CommandGateway commands;

    public StreamWriter(FacadeGrant grant, SessionDirectory sessions, ChannelAppender out, CommandGateway commands) {
        this.grant = grant;
        this.sessions = sessions;
        this.out = out;
        this.commands = commands;
    }

    /** A batch on its way: what it holds is with the producer already. */
    record Begun(ChannelAppender.PendingAppend append, OptionalLong trimTo) {}

    /**
     * @throws FacadeFailure 409 when the run of the token no longer owns the session, 404 when it was deleted, as far as this
     *     ingress knows
     */
    public void requireOwner() {
        if (sessions.findHeld(grant.environment().id(), Names.sessionOf(grant.sessionKey()).chatId())
                .map(SessionRow::deleted).orElse(false)) {
            throw FacadeFailure.sessionDeleted();
        }
        if (grant.writer().generation() > 0) {
            sessions.find(grant.environment().id(), Names.sessionOf(grant.sessionKey()).chatId())
                    .ifPresent(this::requireOwner);
        }
    }

    private void requireOwner(SessionRow row) {
        long generation = grant.writer().generation();
        if (row.hasLeft(generation)) {
            throw FacadeFailure.staleGeneration(generation, row.generation());
        }
    }

    /** Hands the batch to the log and does not wait for it. */
    Begun begin(AppendBatch batch) {
        requireOwner();
        if (batch.trimTo().isPresent() && Names.namesSideChannel(grant.sessionKey().chatId())) {
            throw FacadeFailure.sideChannelTrim();
        }
        return new Begun(out.begin(grant.sessionKey(), batch.records(), grant.writer()), batch.trimTo());
    }

    /**
     * Waits until the batch is stored and a trim in it holds for the next read. If we die between the two, the client
     * has no acknowledgement and sends the trim again.
     */
    Appended finish(Begun begun) {
        Appended appended = begun.append().await();
        if (begun.trimTo().isPresent()) {
            raiseFloor(Math.min(begun.trimTo().getAsLong(), appended.end()));
        }
        return appended;
    }

    /** A channel without a row has no floor: its trim is only a record. */
    private void raiseFloor(long floor) {
        SessionCommand trim = new SessionCommand.TrimOut(grant.writer().generation(), floor);
        switch (commands.ask(grant.sessionKey(), trim)) {
            case SessionReply.SessionAnswered answered -> {
                sessions.learn(answered.row());
                requireOwner(answered.row());
            }
            case SessionReply.Refused _ -> {
                // No row.
            }
            case SessionReply.AppendAnswered _,SessionReply.HandOverAnswered _,SessionReply.WaitAnswered _ ->
                throw new IllegalStateException("the reply does not fit a trim");
        }
    }

    /** One batch, one answer. */
    public Appended append(AppendBatch batch) {
        return finish(begin(batch));
    }
}
