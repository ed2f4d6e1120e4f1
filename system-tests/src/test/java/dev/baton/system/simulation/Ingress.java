package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

import dev.baton.ingress.facade.AppendBatch;
import dev.baton.ingress.facade.FacadeFailure;
import dev.baton.ingress.facade.StreamWriter;
import dev.baton.ingress.log.ChannelAppender;
import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.tail.Subscription;
import dev.baton.session.AddressedReply;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.FacadeGrant;

/**
 * One ingress. Who may write, what readers see and what is known of sessions is the product's code; HTTP, Kafka and the
 * threads around it are simulated. All methods are called in this process, by requests that have reached it.
 */
final class Ingress extends SimulatedProcess {
    static final int OK = 200;
    static final int CONFLICT = 409;
    private static final long REPLY_PATIENCE_MS = 5_000;
    private static final int SKEW_MS = 1_500;
    private static final int REPLY_LAG_MS = 3;
    private static final int BARRIER_MS = 10;
    private static final int BARRIER_TRIES_MAX = 200;
    private static final Environment ENVIRONMENT = new Environment(SimulatedChat.ENVIRONMENT, "dev", "proj_local",
            List.of("tr_dev_key"));

    private final Map<String, Consumer<SessionReply>> waiting = new HashMap<>();
    private final int replyPartition;
    private List<Stream> streams = new ArrayList<>();
    private KnownSessions sessions;
    private KnownWaits waits;
    private ChannelTails in;
    private ChannelTails out;
    private ChannelReader reader;
    private int requests;

    Ingress(World world, String name) {
        super(world, name, world.chance().between(-SKEW_MS, SKEW_MS));
        replyPartition = world.chance().below(Broker.PARTITIONS);
    }

    @Override
    protected void begin() {
        waiting.clear();
        streams.clear();
        sessions = new KnownSessions(world, this);
        waits = new KnownWaits(world, this);
        in = new ChannelTails(world, this, Channel.IN, this::feedStreams);
        out = new ChannelTails(world, this, Channel.OUT, this::feedStreams);
        reader = new ChannelReader(in, out);
        LogPartition replies = world.broker().partition(Names.REPLIES_TOPIC, replyPartition);
        world.broker().follow(this, new LogReader(replies, replies.stableEnd()), REPLY_LAG_MS,
                found -> found.forEach(this::answer));
    }

    /** Sends a command; the answer is null when none came in time. */
    void ask(SessionKey key, SessionCommand command, Consumer<SessionReply> answer) {
        String requestId = name() + '.' + life() + '.' + requests++;
        waiting.put(requestId, answer);
        after(REPLY_PATIENCE_MS, () -> {
            if (waiting.remove(requestId) != null) {
                answer.accept(null);
            }
        });
        world.broker().send(this, world.broker().partitionOf(Names.COMMANDS_TOPIC, key.toString()), key.toString(),
                new CommandEnvelope(requestId, replyPartition, clockMs(), command), new RecordHeaders(), _ -> {});
    }

    private void answer(LogEntry entry) {
        Consumer<SessionReply> receiver = waiting.remove(entry.key());
        if (receiver != null) {
            SessionReply reply = ((AddressedReply) entry.value()).envelope().reply();
            learn(reply);
            receiver.accept(reply);
        }
    }

    private void learn(SessionReply reply) {
        switch (reply) {
            case SessionReply.SessionAnswered answered -> sessions.learn(answered.row());
            case SessionReply.HandOverAnswered handOver when handOver.row() != null -> sessions.learn(handOver.row());
            case SessionReply.HandOverAnswered _,SessionReply.AppendAnswered _,SessionReply.WaitAnswered _,SessionReply.Refused _ ->
                {
                }
        }
    }

    KnownWaits waits() {
        return waits;
    }

    /** Like {@link StreamWriter} after a batch with a trim in it: the owner's floor holds for the next read. */
    void trim(SessionKey key, Writer writer, long floor, Consumer<Integer> answer) {
        ask(key, new SessionCommand.TrimOut(writer.generation(), floor), reply -> {
            switch (reply) {
                case SessionReply.SessionAnswered answered when answered.row().hasLeft(writer.generation()) ->
                    answer.accept(CONFLICT);
                case null -> answer.accept(null);
                default -> answer.accept(OK);
            }
        });
    }

    /** Appends to {@code .out} on behalf of a run; the answer is a status. */
    void append(SessionKey key, List<ChannelRecord> records, Writer writer, Consumer<Integer> answer) {
        ChannelAppender appender = (_, batch, from) -> {
            world.witness().taken(writer, row(key));
            send(key, batch, from, answer);
            return () -> new ChannelAppender.Appended(0, 0, batch.size());
        };
        try {
            new StreamWriter(new FacadeGrant(ENVIRONMENT, key, Channel.OUT, writer), sessions, appender, (_, _) -> {
                throw new UnsupportedOperationException("nobody trims in the simulation");
            }).append(new AppendBatch(records, OptionalLong.empty()));
        } catch (FacadeFailure refused) {
            world.note("%s refuses %s with %d", name(), writer.runId(), refused.status());
            answer.accept(refused.status());
        }
    }

    private void send(SessionKey key, List<ChannelRecord> records, Writer writer, Consumer<Integer> answer) {
        int[] missing = {records.size()};
        for (ChannelRecord each : records) {
            ProducerRecord<byte[], byte[]> record = ChannelRecordCodec.outRecord(key, each, writer);
            world.broker().send(this, world.broker().partitionOf(record.topic(), key.toString()), key.toString(),
                    record.value(), record.headers(), _ -> {
                        if (--missing[0] == 0) {
                            answer.accept(OK);
                        }
                    });
        }
    }

    /** Everything behind the cursor that was acknowledged before; null when that cannot be told now. */
    void read(Channel channel, SessionKey key, long afterSeq, Consumer<List<StoredRecord>> answer) {
        readWhenCaughtUp(channel, key, afterSeq, BARRIER_TRIES_MAX, answer);
    }

    private void readWhenCaughtUp(Channel channel, SessionKey key, long afterSeq, int tries,
            Consumer<List<StoredRecord>> answer) {
        if (tails(channel).caughtUp(key)) {
            ChannelReader.Target target = target(channel, key);
            try (Subscription now = reader.readNow(target, cursor(afterSeq))) {
                List<StoredRecord> found = new Stream(this, tails(channel), now, _ -> {}).take();
                world.witness().read(target, afterSeq, found);
                answer.accept(found);
            }
        } else if (tries > 0) {
            after(BARRIER_MS, () -> readWhenCaughtUp(channel, key, afterSeq, tries - 1, answer));
        } else {
            answer.accept(null);
        }
    }

    /** A stream of everything behind the cursor and of what comes. */
    Stream follow(Channel channel, SessionKey key, long afterSeq, Consumer<List<StoredRecord>> receiver) {
        long[] last = {afterSeq};
        ChannelReader.Target target = target(channel, key);
        Stream stream = new Stream(this, tails(channel), reader.follow(target, cursor(afterSeq)),
                records -> {
                    world.witness().delivered(target, last[0], records);
                    last[0] = records.getLast().seq();
                    receiver.accept(records);
                });
        streams.add(stream);
        after(0, stream::feed);
        return stream;
    }

    private void feedStreams() {
        streams.removeIf(Stream::ended);
        List.copyOf(streams).forEach(Stream::feed);
    }

    private ChannelTails tails(Channel channel) {
        return switch (channel) {
            case IN -> in;
            case OUT -> out;
        };
    }

    private ChannelReader.Target target(Channel channel, SessionKey key) {
        SessionRow row = row(key).orElse(null);
        return Names.namesSideChannel(key.chatId())
                ? ChannelReader.Target.ofSideChannel(key, channel, row)
                : ChannelReader.Target.of(key, channel, row);
    }

    /** Of the session that a channel belongs to, as far as this ingress knows. */
    Optional<SessionRow> row(SessionKey channel) {
        return sessions.find(Names.sessionOf(channel));
    }

    private static OptionalLong cursor(long afterSeq) {
        return afterSeq < 0 ? OptionalLong.empty() : OptionalLong.of(afterSeq);
    }
}
