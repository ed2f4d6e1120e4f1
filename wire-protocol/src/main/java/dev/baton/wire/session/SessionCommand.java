package dev.baton.wire.session;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.baton.wire.json.Json;

/** What somebody wants of one session. Commands are judged by the session topology, one at a time per session. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = SessionCommand.CreateSession.class, name = "create-session/1"),
        @JsonSubTypes.Type(value = SessionCommand.UpdateSession.class, name = "update-session/1"),
        @JsonSubTypes.Type(value = SessionCommand.AppendIn.class, name = "append-in/1"),
        @JsonSubTypes.Type(value = SessionCommand.CloseSession.class, name = "close-session/1"),
        @JsonSubTypes.Type(value = SessionCommand.DeleteSession.class, name = "delete-session/1"),
        @JsonSubTypes.Type(value = SessionCommand.KeepHistory.class, name = "keep-history/1"),
        @JsonSubTypes.Type(value = SessionCommand.EndAndContinue.class, name = "end-and-continue/1"),
        @JsonSubTypes.Type(value = SessionCommand.CancelRun.class, name = "cancel-run/1"),
        @JsonSubTypes.Type(value = SessionCommand.SettleTurn.class, name = "settle-turn/1"),
        @JsonSubTypes.Type(value = SessionCommand.TrimOut.class, name = "trim-out/1"),
        @JsonSubTypes.Type(value = SessionCommand.AppendSide.class, name = "append-side/1"),
        @JsonSubTypes.Type(value = SessionCommand.RegisterWait.class, name = "register-wait/1"),
        @JsonSubTypes.Type(value = SessionCommand.CompleteWaits.class, name = "complete-waits/1")})
public sealed interface SessionCommand {
    /**
     * Creates the session, or converges on the one that exists (contract §1.2).
     *
     * @param sessionId the friendly id for the case that it is new, minted by the ingress
     * @param tags null when the client gave none
     * @param expiresAt epoch milliseconds or null
     */
    record CreateSession(String sessionId, String externalId, String sessionType, String taskIdentifier,
            TriggerConfig triggerConfig, List<String> tags, Json metadata, Long expiresAt) implements SessionCommand {}

    /**
     * Changes tags and metadata (contract §1.5).
     *
     * @param tags null leaves them
     * @param metadata null leaves it unless {@code clearMetadata}
     */
    record UpdateSession(List<String> tags, Json metadata, boolean clearMetadata) implements SessionCommand {}

    /**
     * Appends one record to {@code .in} (contract §2.5).
     *
     * @param partId client's idempotency id or null
     * @param body the stored record body, {@code {"data":"…","id":"…"}}
     */
    record AppendIn(String partId, String body) implements SessionCommand {}

    /** Closes the session for good (contract §1.6). {@code callingRunId} is the run that asks, if one does. */
    record CloseSession(String reason, String callingRunId) implements SessionCommand {}

    /** Closes the session and removes what is known of it, down to a receipt. Repeats get the receipt again. */
    record DeleteSession() implements SessionCommand {}

    /** From now on the agent keeps the history of the session itself: no snapshot is written for it (design D9). */
    record KeepHistory() implements SessionCommand {}

    /**
     * The calling run hands the session over to a successor (contract §1.7).
     *
     * @param requestedVersion worker version for the successor or null for the current one
     */
    record EndAndContinue(String callingRunId, RunReason reason, String requestedVersion) implements SessionCommand {}

    /** Somebody stops the run. If it does not own the session any more nothing happens. */
    record CancelRun(String runId) implements SessionCommand {}

    /**
     * A turn-complete record was seen on {@code .out}. Reported by the snapshotter; repeats are harmless.
     *
     * @param generation of the run that wrote it, 0 when the writer named none
     * @param inSeq {@code session-in-event-id} of the record, −1 when it has none
     * @param outSeq seq of the turn-complete record
     */
    record SettleTurn(long generation, long inSeq, long outSeq) implements SessionCommand {}

    /**
     * Hides the older records of {@code .out} from readers of the protocol (contract §2.6 C). The floor only rises; a
     * writer that was superseded moves nothing, which the row of the reply shows by its generation.
     *
     * @param generation of the run that asks, 0 when the writer named none
     * @param floorOutSeq first {@code .out} seq that readers still see
     */
    record TrimOut(long generation, long floorOutSeq) implements SessionCommand {}

    /**
     * Appends one record to the {@code .in} of a side channel (contract §2.8). It comes under the key of the channel, and
     * whether the session takes records was judged by the ingress.
     *
     * @param partId client's idempotency id or null
     * @param body the stored record body
     */
    record AppendSide(String partId, String body) implements SessionCommand {}

    /** Commands about waits (contract §3). They need no session row: a channel may be waited on before its session is. */
    sealed interface WaitCommand extends SessionCommand {}

    /**
     * A run waits for the first record after a cursor.
     *
     * @param waitpointId minted by the ingress
     * @param io {@code in} or {@code out}
     * @param lastSeqNum the last seq the run has seen, −1 for none: completes at once when there is a later one
     * @param timeoutAt epoch milliseconds, null for no time-out
     * @param idempotencyKey repeats of it by the same run get the same wait; null for none
     * @param idempotencyExpiresAt epoch milliseconds, null without a key
     */
    record RegisterWait(String waitpointId, String runId, String io, long lastSeqNum, Long timeoutAt,
            List<String> tags,
            String idempotencyKey, Long idempotencyExpiresAt) implements WaitCommand {}

    /**
     * A record that the topology has not seen, because {@code .out} does not pass it, is what somebody waits for.
     *
     * @param io {@code in} or {@code out}
     * @param waitpointId the one wait it completes, null for all waits on this channel
     */
    record CompleteWaits(String io, String waitpointId, long seq) implements WaitCommand {}
}
