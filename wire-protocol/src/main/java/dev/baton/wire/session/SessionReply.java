package dev.baton.wire.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What came of a command. It leaves in the transaction of the decision, so whoever reads it sees it committed. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = SessionReply.SessionAnswered.class, name = "session-answered/1"),
        @JsonSubTypes.Type(value = SessionReply.AppendAnswered.class, name = "append-answered/1"),
        @JsonSubTypes.Type(value = SessionReply.HandOverAnswered.class, name = "hand-over-answered/1"),
        @JsonSubTypes.Type(value = SessionReply.WaitAnswered.class, name = "wait-answered/1"),
        @JsonSubTypes.Type(value = SessionReply.Refused.class, name = "refused/1")})
public sealed interface SessionReply {
    /** @param cached whether the session existed before the command */
    record SessionAnswered(SessionRow row, boolean cached) implements SessionReply {}

    /** @param seq of the record; of the first one when the part id was claimed before */
    record AppendAnswered(long seq, boolean duplicate) implements SessionReply {}

    /**
     * @param runId the run that owns the session now
     * @param swapped whether this command made it so
     * @param row the session after the swap, null when nothing changed
     */
    record HandOverAnswered(String runId, boolean swapped, SessionRow row) implements SessionReply {}

    /**
     * @param waitpointId of the wait; of the first one when its idempotency key was used before
     * @param cached whether the wait existed before the command
     */
    record WaitAnswered(String waitpointId, boolean cached) implements SessionReply {}

    /** Nothing was written. {@code detail} completes the answer: the closing reason for {@code CLOSED}. */
    record Refused(Refusal refusal, String detail) implements SessionReply {}

    /** Why a command was refused. */
    enum Refusal {
        NOT_FOUND,
        CLOSED,
        /** Only of a create: for everything else a session that was deleted is not there. */
        DELETED,
        EXPIRED,
        CALLING_RUN_UNKNOWN,
        TOO_MANY_WAITS
    }
}
