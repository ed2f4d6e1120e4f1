package dev.baton.wire.session;

/**
 * A command on its way: the value of topic {@code baton.commands}.
 *
 * @param requestId correlates the reply, unique per command
 * @param replyPartition partition of {@code baton.replies} the sender reads, or {@value #NO_REPLY}
 * @param issuedAt epoch milliseconds at the sender: the only clock that decisions see
 */
public record CommandEnvelope(String requestId, int replyPartition, long issuedAt, SessionCommand command) {
    public static final int NO_REPLY = -1;
}
