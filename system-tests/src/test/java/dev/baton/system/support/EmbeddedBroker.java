package dev.baton.system.support;

import java.util.Map;

/**
 * The broker that the standalone brings itself: started, killed and restarted together with it.
 *
 * @param environment settings of the standalone
 */
public record EmbeddedBroker(Map<String, String> environment) implements Broker {
    public EmbeddedBroker() {
        this(Map.of());
    }

    @Override
    public void close() {
        // It ended with its process.
    }
}
