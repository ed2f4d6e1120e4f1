package dev.baton.ingress.log;

import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.utils.Utils;

import dev.baton.wire.session.SessionKey;

/** The partition of a session: Kafka's default for keyed records, the same number in every topic keyed by session. */
public record Partitioner(int partitions) {
    public int partition(SessionKey key) {
        return Utils.toPositive(Utils.murmur2(key.toString().getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
