package dev.baton.ingress.log;

import java.util.List;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/** The write face of {@code .out}. */
@FunctionalInterface
public interface ChannelAppender {
    /**
     * Hands records to the log, in order behind everything that the same thread has handed over before, and does not
     * wait until they are stored.
     *
     * @param records at least one
     * @throws LogUnavailableException when the log takes nothing now; some of the records may be stored
     */
    PendingAppend begin(SessionKey key, List<ChannelRecord> records, Writer writer);

    /** Appends in order and returns when everything is stored. When it throws, some of the records may be stored. */
    default Appended append(SessionKey key, List<ChannelRecord> records, Writer writer) {
        return begin(key, records, writer).await();
    }

    /** Records on their way into the log. */
    @FunctionalInterface
    interface PendingAppend {
        /** Returns when everything is stored. @throws LogUnavailableException when it is not, or not in time */
        Appended await();
    }

    /**
     * Seqs rise and are not dense, so the range that an acknowledgement names is built from its end (design D3).
     *
     * @param lastSeq seq of the last record
     * @param timestampMs of the last record
     * @param count of records
     */
    record Appended(long lastSeq, long timestampMs, int count) {
        /** Exclusive. */
        public long end() {
            return lastSeq + 1;
        }

        public long start() {
            return end() - count;
        }
    }
}
