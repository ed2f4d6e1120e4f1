package dev.baton.ingress.facade;

import dev.baton.wire.channel.ChannelRecord;

/**
 * A direct write that is refused or has failed. All of them are made here, so this is the table from condition to
 * status and code (contract §2.6). Clients repeat 408, 429 and 5xx with the same batch, and give up on everything else.
 */
public final class FacadeFailure extends RuntimeException {
    /** Code of the refusal of a run that no longer owns its session. */
    public static final String STALE_GENERATION = "stale_generation";
    private static final long serialVersionUID = 1L;
    private static final String INVALID = "invalid";

    private final int status;
    private final String code;

    private FacadeFailure(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public static FacadeFailure unauthorized() {
        return new FacadeFailure(401, "unauthorized", "Invalid or missing access token");
    }

    public static FacadeFailure forbidden() {
        return new FacadeFailure(403, "permission_denied", "The access token does not allow writes to this stream");
    }

    public static FacadeFailure invalid(String message) {
        return new FacadeFailure(400, INVALID, message);
    }

    public static FacadeFailure notSupported(String what) {
        return new FacadeFailure(400, "not_supported", what + " is not supported here: leave it out");
    }

    public static FacadeFailure unsupportedType() {
        return new FacadeFailure(415, "unsupported_media_type",
                "Expected s2s/proto, application/json or application/protobuf");
    }

    public static FacadeFailure compressed() {
        return new FacadeFailure(415, "unsupported_compression", "Compression is not supported: send it as it is");
    }

    static FacadeFailure frameTooLarge(int bytes, int bytesMax) {
        return new FacadeFailure(413, "frame_too_large",
                "Frame of " + bytes + " bytes exceeds the limit of " + bytesMax + " bytes");
    }

    static FacadeFailure recordTooLarge(long meteredBytes) {
        return new FacadeFailure(413, "record_too_large", "Record metered size " + meteredBytes
                + " bytes exceeds the limit of " + ChannelRecord.METERED_BYTES_MAX + " bytes");
    }

    static FacadeFailure batchTooLarge(long meteredBytes) {
        return new FacadeFailure(413, "batch_too_large", "Batch metered size " + meteredBytes
                + " bytes exceeds the limit of " + AppendBatch.METERED_BYTES_MAX + " bytes");
    }

    static FacadeFailure sideChannelTrim() {
        return new FacadeFailure(400, "not_supported",
                "A side channel has no floor: its records leave with the retention of the topic");
    }

    /** A run that has ended or was superseded tries to write (design D5): final. */
    static FacadeFailure staleGeneration(long generation, long current) {
        return new FacadeFailure(409, STALE_GENERATION, ownershipLost(generation, current));
    }

    static FacadeFailure sessionDeleted() {
        return new FacadeFailure(404, "session_deleted", "The session was deleted: nothing can be written to it");
    }

    /** For people, the same words on every way to write. */
    public static String ownershipLost(long generation, long current) {
        String how = generation == current ? "has ended" : "was superseded by " + current;
        return "Run generation " + generation + " " + how + ": this run no longer owns the session";
    }

    public static FacadeFailure tooManySessions() {
        return new FacadeFailure(503, "too_many_sessions", "Too many open append sessions, please try again");
    }

    static FacadeFailure unavailable() {
        return new FacadeFailure(503, "unavailable", "The log is not available, please try again");
    }

    static FacadeFailure stopping() {
        return new FacadeFailure(503, "unavailable", "The server stops, please open another append session");
    }

    static FacadeFailure unhandled() {
        return new FacadeFailure(500, "internal", "Internal Server Error");
    }
}
