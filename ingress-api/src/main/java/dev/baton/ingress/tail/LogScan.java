package dev.baton.ingress.tail;

import java.util.List;
import java.util.Set;

import dev.baton.wire.session.SessionKey;

/** Reads one partition again from an older offset. */
@FunctionalInterface
public interface LogScan {
    /** Begins at this offset, or at the first surviving one after it. */
    Cursor open(long fromOffset);

    /** One pass; used and closed by one thread. */
    interface Cursor extends AutoCloseable {
        /** The next records of these sessions, in order; empty when the next stretch of the log has none of them. */
        List<TailEntry> next(Set<SessionKey> wanted);

        /** Offset up to which {@link #next} has looked, exclusive. */
        long position();

        @Override
        void close();
    }
}
