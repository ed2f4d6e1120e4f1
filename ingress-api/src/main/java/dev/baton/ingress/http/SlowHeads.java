package dev.baton.ingress.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hangs up on clients whose request never becomes one: every byte they send starts the idle timeout again, so what is
 * looked at is whether bytes come while no request begins and no answer leaves. Bodies are
 * {@link dev.baton.wire.service.ArrivingBody}'s, because who sends one is known by then.
 *
 * <p>Threads: connections come and go on the server's; one scheduled look at a time judges them.
 */
final class SlowHeads extends AbstractLifeCycle implements Connection.Listener {
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(SlowHeads.class);

    private final Connector connector;
    private final Duration arrivalMax;
    private final Map<Connection, Look> connections = new ConcurrentHashMap<>();

    /**
     * What was seen of a connection.
     *
     * @param messages requests and answers so far
     * @param bytes that had come when the last of these was seen
     * @param sinceNanos when more bytes than that were seen first, null when there are none
     */
    private record Look(long messages, long bytes, Long sinceNanos) {
        static Look at(Connection connection) {
            return new Look(connection.getMessagesIn() + connection.getMessagesOut(), connection.getBytesIn(), null);
        }

        /** One request is being answered, or an append session is open: its bytes are not a head's. */
        private static boolean busy(Connection connection) {
            return connection.getMessagesIn() > connection.getMessagesOut();
        }

        Look next(Connection connection, long nowNanos) {
            Look now = at(connection);
            if (now.messages != messages || busy(connection)) {
                return now;
            }
            return sinceNanos == null && now.bytes > bytes ? new Look(messages, bytes, nowNanos) : this;
        }
    }

    SlowHeads(Connector connector, Duration arrivalMax) {
        this.connector = connector;
        this.arrivalMax = arrivalMax;
    }

    @Override
    protected void doStart() {
        schedule();
    }

    private void schedule() {
        connector.getScheduler().schedule(this::look, LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        connections.put(connection, new Look(0, 0, null));
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    private void look() {
        if (!isRunning()) {
            return;
        }
        long now = System.nanoTime();
        connections.forEach((connection, before) -> {
            Look look = before.next(connection, now);
            connections.replace(connection, before, look);
            if (look.sinceNanos() != null && now - look.sinceNanos() > arrivalMax.toNanos()) {
                LOG.debug("hung up on a client whose request did not arrive");
                connection.getEndPoint().close();
            }
        });
        schedule();
    }
}
