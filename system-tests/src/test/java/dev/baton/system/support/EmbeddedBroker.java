package dev.baton.system.support;

import java.util.Map;

/** The broker that the standalone brings itself: started, killed and restarted together with it. */
public record EmbeddedBroker() implements Broker {
    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public void close() {
        // It ended with its process.
    }
}
