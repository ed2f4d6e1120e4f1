package dev.baton.system.support;

import java.util.Map;

/** The seam of the system tests: the Kafka broker that the standalone under test works on. */
public interface Broker extends AutoCloseable {
    /** What the standalone needs in its environment to use this broker. */
    Map<String, String> environment();

    @Override
    void close();
}
