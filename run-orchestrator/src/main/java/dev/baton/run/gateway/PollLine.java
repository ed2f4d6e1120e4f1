package dev.baton.run.gateway;

import java.io.IOException;

/** The connection a long poll waits on. */
@FunctionalInterface
public interface PollLine {
    /** Sends a sign of life. @throws IOException when the client is gone */
    void pulse() throws IOException;
}
