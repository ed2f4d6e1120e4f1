package dev.baton.wire.channel;

import java.util.Optional;

import dev.baton.wire.Names;

/** The two durable channels of a session. */
public enum Channel {
    /** Clients to agent. Seq is dense, decided by the session topology. */
    IN("in", Names.SESSION_IN_TOPIC),
    /** Agent to clients. Seq is the record's offset in its partition. */
    OUT("out", Names.SESSION_OUT_TOPIC);

    private final String wireName;
    private final String topic;

    Channel(String wireName, String topic) {
        this.wireName = wireName;
        this.topic = topic;
    }

    /** As in URLs and stored rows: {@code in}, {@code out}. */
    public String wireName() {
        return wireName;
    }

    public String topic() {
        return topic;
    }

    public static Optional<Channel> ofWireName(String name) {
        for (Channel channel : values()) {
            if (channel.wireName.equals(name)) {
                return Optional.of(channel);
            }
        }
        return Optional.empty();
    }
}
