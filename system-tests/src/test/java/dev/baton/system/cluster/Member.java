package dev.baton.system.cluster;

import dev.baton.system.support.ChildJvm;

/** A process of a deployment that can be killed, stood still and started again on the same data and ports. */
public interface Member extends AutoCloseable {
    String name();

    /** The present life. */
    ChildJvm process();

    /** Starts a life after the last one has ended; returns when it is ready. */
    void start();

    @Override
    default void close() {
        if (process() != null) {
            process().close();
        }
    }
}
