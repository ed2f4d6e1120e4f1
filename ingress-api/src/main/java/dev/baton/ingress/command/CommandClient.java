package dev.baton.ingress.command;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.ReplyEnvelope;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;

/**
 * Commands in, replies out (design D2). Replies are read committed from one partition that this process has chosen; its
 * reader stands at the end before the first command leaves. If we die between the two, the command is decided all the
 * same and the reply is read by nobody: the client repeats its request.
 *
 * <p>Threads: {@link #ask} blocks the thread of the request; one thread reads replies.
 */
public final class CommandClient implements CommandGateway, AutoCloseable {
    /** Requests that may wait for a reply at the same time. */
    static final int PENDING_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(CommandClient.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(1);

    private final Producer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition replies;
    private final Duration patience;
    private final Clock clock;
    private final Timer answered;
    private final Map<String, CompletableFuture<SessionReply>> pending = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean failed;

    private CommandClient(Settings settings, Producer<byte[], byte[]> producer, Clock clock, MeterRegistry registry) {
        this.producer = producer;
        this.clock = clock;
        this.patience = settings.millis(Setting.REPLY_TIMEOUT_MS);
        int partition = ThreadLocalRandom.current().nextInt(settings.number(Setting.PARTITIONS));
        this.replies = new TopicPartition(Names.REPLIES_TOPIC, partition);
        this.consumer = new KafkaConsumer<>(KafkaConfigs.reader(settings));
        consumer.assign(List.of(replies));
        consumer.seekToEnd(List.of(replies));
        // Makes the seek happen now: a reply to the first command must not be skipped.
        consumer.position(replies);
        this.answered = Timer.builder("baton.ingress.commands").description("From command sent to reply read")
                .publishPercentiles(0.5, 0.99).register(registry);
        Gauge.builder("baton.ingress.commands.pending", pending, Map::size)
                .description("Commands that wait for their reply").register(registry);
        this.thread = Thread.ofPlatform().name("ingress-replies").unstarted(this::run);
    }

    /** @param producer idempotent; stays the caller's to close */
    public static CommandClient start(Settings settings, Producer<byte[], byte[]> producer, Clock clock,
            MeterRegistry registry) {
        CommandClient client = new CommandClient(settings, producer, clock, registry);
        client.thread.start();
        return client;
    }

    public boolean live() {
        return !failed;
    }

    @Override
    public SessionReply ask(SessionKey key, SessionCommand command) {
        if (stopping || pending.size() >= PENDING_MAX) {
            throw new NoReplyException("the server takes no more commands now", null);
        }
        Timer.Sample sample = Timer.start();
        String requestId = UUID.randomUUID().toString();
        CompletableFuture<SessionReply> reply = new CompletableFuture<>();
        pending.put(requestId, reply);
        try {
            send(key, new CommandEnvelope(requestId, replies.partition(), clock.millis(), command), reply);
            SessionReply answer = reply.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            sample.stop(answered);
            return answer;
        } catch (TimeoutException e) {
            throw new NoReplyException("no decision within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new NoReplyException("the command could not be sent", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoReplyException("interrupted while waiting for a decision", e);
        } finally {
            pending.remove(requestId);
        }
    }

    private void send(SessionKey key, CommandEnvelope envelope, CompletableFuture<SessionReply> reply) {
        byte[] keyBytes = key.toString().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(Names.COMMANDS_TOPIC, keyBytes, WireJson.bytes(envelope)), (_, failure) -> {
            if (failure != null) {
                reply.completeExceptionally(failure);
            }
        });
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    complete(record);
                }
            }
        } catch (WakeupException _) {
            LOG.debug("reply reader stopped");
        } catch (RuntimeException e) {
            failed = true;
            LOG.error("reply reader failed, the process must be restarted", e);
        }
    }

    /** The record key is the request id, so replies to other processes cost no parsing. */
    private void complete(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return;
        }
        CompletableFuture<SessionReply> waiting = pending.get(new String(record.key(), StandardCharsets.UTF_8));
        if (waiting == null) {
            return;
        }
        try {
            waiting.complete(WireJson.read(record.value(), ReplyEnvelope.class).reply());
        } catch (UncheckedIOException e) {
            LOG.warn("reply that cannot be read, offset={}", record.offset());
            waiting.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        pending.values().forEach(reply -> reply.completeExceptionally(new IllegalStateException("server stops")));
        try {
            thread.join(STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
