package dev.baton.wire.session;

/** The value of topic {@code baton.replies}. */
public record ReplyEnvelope(String requestId, SessionReply reply) {}
