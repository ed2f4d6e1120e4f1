package dev.baton.ingress.log;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker where partitions begin and end. Shared by all threads.
 *
 * <p>Ends are those of the log, not of the committed part of it: a commit is answered when it is decided, and its
 * markers reach the partitions a moment later. Whoever waits for a committed reader to pass this end has seen
 * everything that was acknowledged before the question.
 */
public final class LogOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(LogOffsets.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    private final Admin admin;

    public LogOffsets(Admin admin) {
        this.admin = admin;
    }

    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        ask(wanted).forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    /** As {@link #ends}, for a start: a broker that fails over meanwhile must not end the process. */
    public Map<TopicPartition, Long> endsAtStart(Collection<TopicPartition> partitions) {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try {
                return ends(partitions);
            } catch (LogUnavailableException e) {
                if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LOG.info("the log is not available yet, asking again: {}", e.getMessage());
                LockSupport.parkNanos(ASK_AGAIN.toNanos());
            }
        }
    }

    public long end(TopicPartition partition) {
        return ask(Map.of(partition, OffsetSpec.latest())).get(partition).offset();
    }

    public long start(TopicPartition partition) {
        return ask(Map.of(partition, OffsetSpec.earliest())).get(partition).offset();
    }

    /**
     * Offset of the first record that arrived at this time or later, the end when there was none. The end is asked for
     * first: a record that arrives between the two questions then lies behind the answer and not before it.
     */
    public long atTime(TopicPartition partition, long epochMs) {
        long end = end(partition);
        long found = ask(Map.of(partition, OffsetSpec.forTimestamp(epochMs))).get(partition).offset();
        return found >= 0 ? found : end;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ask(Map<TopicPartition, OffsetSpec> wanted) {
        try {
            return admin.listOffsets(wanted).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new LogUnavailableException("cannot read offsets of " + wanted.keySet(), e.getCause());
        } catch (TimeoutException e) {
            throw new LogUnavailableException("no offsets of " + wanted.keySet() + " within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException("interrupted while reading offsets", e);
        }
    }
}
