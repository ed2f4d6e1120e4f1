package dev.baton.audit.replay;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;

/** One thing that happened to a session, as the topics tell it. Times are epoch milliseconds, null means absent. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = ReplayFact.RunRequested.class, name = "run-requested"),
        @JsonSubTypes.Type(value = ReplayFact.RunStarted.class, name = "run-started"),
        @JsonSubTypes.Type(value = ReplayFact.RunEnded.class, name = "run-ended"),
        @JsonSubTypes.Type(value = ReplayFact.Fenced.class, name = "fence"),
        @JsonSubTypes.Type(value = ReplayFact.Received.class, name = "in"),
        @JsonSubTypes.Type(value = ReplayFact.TurnCompleted.class, name = "turn-complete"),
        @JsonSubTypes.Type(value = ReplayFact.ControlWritten.class, name = "control"),
        @JsonSubTypes.Type(value = ReplayFact.SessionClosed.class, name = "session-closed"),
        @JsonSubTypes.Type(value = ReplayFact.SessionDeleted.class, name = "session-deleted")})
public sealed interface ReplayFact {
    long at();

    /** The session was handed to this run. */
    record RunRequested(long at, String runId, long generation, RunReason reason, String previousRunId,
            String requestedVersion) implements ReplayFact {}

    record RunStarted(long at, String runId, long generation, int attempt, String workerVersion)
            implements
                ReplayFact {}

    record RunEnded(long at, String runId, long generation, RunOutcome outcome, String error) implements ReplayFact {}

    /** From here on older generations are void. */
    record Fenced(long at, long outSeq, long generation, String runId) implements ReplayFact {}

    /**
     * A record on {@code .in}.
     *
     * @param inSeq null for the message the session was created with
     * @param partId its id: the part id where the client gave one
     * @param kind as in its data: message, stop …; null when it says none
     * @param trigger of its payload, null when it has none
     * @param messageId of the UI message in it, null when there is none
     */
    record Received(long at, Long inSeq, String partId, String kind, String trigger, String messageId)
            implements
                ReplayFact {}

    /**
     * @param inSeq the last {@code .in} seq the turn consumed, null when it names none
     * @param runId null when a writer without a run wrote it
     */
    record TurnCompleted(long at, long outSeq, Long inSeq, long generation, String runId) implements ReplayFact {}

    /** Another control record on {@code .out}: upgrade-required and so on. */
    record ControlWritten(long at, long outSeq, String subtype, long generation) implements ReplayFact {}

    /** @param reason null when none was given */
    record SessionClosed(long at, String reason) implements ReplayFact {}

    /** Its runs are told no more; what the channels still hold is. */
    record SessionDeleted(long at) implements ReplayFact {}
}
