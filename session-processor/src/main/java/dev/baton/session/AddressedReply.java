package dev.baton.session;

import dev.baton.wire.session.ReplyEnvelope;

/** A reply and the partition that its ingress reads. */
public record AddressedReply(int partition, ReplyEnvelope envelope) {}
