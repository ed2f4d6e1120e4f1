package dev.baton.system.simulation;

import java.util.List;
import java.util.function.Consumer;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/**
 * The client's end of an event stream. What arrives is in order and without gaps; when something is lost the connection
 * is broken, and the client comes back with its cursor, at whatever ingress.
 */
final class EventStream {
    private static final long NOTICE_MS = 400;

    private final World world;
    private final SimulatedProcess client;
    private final Landscape landscape;
    private final Channel channel;
    private final SessionKey key;
    private final Consumer<List<StoredRecord>> receiver;
    private long cursor;
    private Stream connection;
    private int connections;
    private long lastArrivalMs;
    private boolean closed;

    EventStream(World world, SimulatedProcess client, Landscape landscape, Channel channel, SessionKey key,
            long afterSeq, Consumer<List<StoredRecord>> receiver) {
        this.world = world;
        this.client = client;
        this.landscape = landscape;
        this.channel = channel;
        this.key = key;
        this.cursor = afterSeq;
        this.receiver = receiver;
        connect();
    }

    private void connect() {
        int number = ++connections;
        connection = null;
        Ingress ingress = landscape.anyIngress();
        if (!world.network().lost(client, ingress)) {
            ingress.after(world.network().delayMs(), () -> {
                if (number == connections && !closed) {
                    connection = ingress.follow(channel, key, cursor, records -> transmit(ingress, number, records));
                }
            });
        }
        client.after(NOTICE_MS, () -> watch(number));
    }

    /** Clients notice the end of a stream, or its silence. */
    private void watch(int number) {
        if (number != connections || closed) {
            return;
        }
        if (connection == null || connection.ended() || world.weather().fails()) {
            disconnect();
            connect();
        } else {
            client.after(NOTICE_MS, () -> watch(number));
        }
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
        }
    }

    private void transmit(Ingress ingress, int number, List<StoredRecord> records) {
        if (world.network().lost(ingress, client)) {
            disconnect();
            return;
        }
        lastArrivalMs = Math.max(lastArrivalMs, world.time().nowMs() + world.network().delayMs());
        client.after(lastArrivalMs - world.time().nowMs(), () -> {
            if (number == connections && !closed) {
                cursor = records.getLast().seq();
                receiver.accept(records);
            }
        });
    }

    void close() {
        closed = true;
        disconnect();
    }
}
