package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

import org.apache.kafka.common.header.Headers;

/** All topics. It never loses what it has; those who write to it and read from it do. */
final class Broker {
    static final int PARTITIONS = 2;
    private static final int WIRE_MS = 3;

    private final World world;
    private final Map<String, List<LogPartition>> topics = new HashMap<>();
    private final Map<String, Long> lastArrivals = new HashMap<>();

    Broker(World world) {
        this.world = world;
    }

    List<LogPartition> topic(String name) {
        return topics.computeIfAbsent(name, topic -> IntStream.range(0, PARTITIONS)
                .mapToObj(number -> new LogPartition(topic, number, world.time())).toList());
    }

    LogPartition partition(String topic, int number) {
        return topic(topic).get(number);
    }

    /** Keyed as everywhere: what has one key lies in one partition. */
    LogPartition partitionOf(String topic, String key) {
        return partition(topic, numberOf(key));
    }

    static int numberOf(String key) {
        return Math.floorMod(key.hashCode(), PARTITIONS);
    }

    /**
     * What a process sends with an idempotent producer: once, in order per partition. A process that stands still in
     * between sends it later, one that dies may have sent it or not.
     *
     * @param acknowledged gets the offset, if the process lives to hear of it
     */
    void send(SimulatedProcess producer, LogPartition to, String key, Object value, Headers headers,
            LongConsumer acknowledged) {
        Runnable departure = () -> depart(producer, to, key, value, headers, acknowledged);
        if (world.weather().stormy() && world.chance().oneIn(4)) {
            producer.after(world.chance().between(0, 20), departure);
        } else {
            departure.run();
        }
    }

    private void depart(SimulatedProcess producer, LogPartition to, String key, Object value, Headers headers,
            LongConsumer acknowledged) {
        String line = producer.name() + '>' + to.topic() + to.number();
        long arrival = Math.max(world.time().nowMs() + world.chance().between(0, WIRE_MS),
                lastArrivals.getOrDefault(line, 0L));
        lastArrivals.put(line, arrival);
        int life = producer.life();
        world.time().at(arrival, () -> {
            long offset = to.append(key, value, headers);
            if (producer.life() == life) {
                producer.after(world.chance().between(0, WIRE_MS), () -> acknowledged.accept(offset));
            }
        });
    }

    /** A process reads on as records come, until it dies. Each time it gets all there are. */
    void follow(SimulatedProcess consumer, LogReader reader, long usualLagMs, Consumer<List<LogEntry>> receiver) {
        Following following = new Following(consumer, reader, usualLagMs, receiver);
        reader.partition().watch(following::notice);
        following.notice();
    }

    /** One consumer of one partition. */
    private final class Following {
        private final SimulatedProcess consumer;
        private final int life;
        private final LogReader reader;
        private final long usualLagMs;
        private final Consumer<List<LogEntry>> receiver;
        private boolean planned;

        private Following(SimulatedProcess consumer, LogReader reader, long usualLagMs,
                Consumer<List<LogEntry>> receiver) {
            this.consumer = consumer;
            this.life = consumer.life();
            this.reader = reader;
            this.usualLagMs = usualLagMs;
            this.receiver = receiver;
        }

        private boolean notice() {
            boolean alive = consumer.up() && consumer.life() == life;
            if (alive && !planned && reader.position() < reader.partition().stableEnd()) {
                planned = true;
                consumer.after(world.chance().around(usualLagMs), this::read);
            }
            return alive;
        }

        private void read() {
            planned = false;
            List<LogEntry> found = new ArrayList<>();
            for (LogEntry next = reader.next(); next != null; next = reader.next()) {
                found.add(next);
            }
            receiver.accept(found);
        }
    }
}
