package dev.baton.session;

import dev.baton.wire.session.ReplyEnvelope;

/** A reply and the partition that its ingress reads. */
record AddressedReply(int partition, ReplyEnvelope envelope) {}
