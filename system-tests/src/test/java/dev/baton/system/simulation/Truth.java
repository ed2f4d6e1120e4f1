package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;

/** What the topics say, session by session: everything that was committed, at every moment. */
final class Truth {
    private final Expect expect;
    private final Map<SessionKey, OfSession> sessions = new HashMap<>();
    private final List<Source> sources = new ArrayList<>();
    private long records;

    /** The channels and the provenance of one session. */
    record OfSession(InTruth in, OutTruth out, ProvenanceTruth provenance, WaitTruth waits, RowTruth row) {
        static OfSession of(Expect expect) {
            InTruth in = new InTruth(expect);
            RowTruth row = new RowTruth(expect);
            return new OfSession(in, new OutTruth(expect), new ProvenanceTruth(expect, row), new WaitTruth(expect, in),
                    row);
        }
    }

    Truth(World world) {
        this.expect = new Expect(world);
        follow(world, Names.COMMANDS_TOPIC, entry -> {
            CommandEnvelope envelope = (CommandEnvelope) entry.value();
            OfSession session = of(SessionKey.parse(entry.key()));
            session.row().asked(envelope.command(), envelope.issuedAt());
            if (envelope.command() instanceof SessionCommand.RegisterWait wait) {
                session.waits().asked(wait);
            }
        });
        follow(world, Names.SESSION_IN_TOPIC, entry -> {
            StoredRecord stored = entry.stored(Channel.IN);
            of(stored.key()).in().add(stored);
        });
        follow(world, Names.SESSION_OUT_TOPIC, entry -> {
            StoredRecord stored = entry.stored(Channel.OUT);
            of(stored.key()).out().add(stored);
        });
        follow(world, Names.RUN_EVENTS_TOPIC, entry -> {
            if (entry.value() instanceof RunEvent.RunEnded end) {
                of(SessionKey.parse(entry.key())).provenance().reported(end);
            }
        });
        follow(world, Names.WAITS_TOPIC, entry -> {
            WaitRow row = (WaitRow) entry.value();
            of(row.key()).waits().add(row);
        });
        follow(world, Names.SESSIONS_TOPIC, entry -> {
            SessionRow row = (SessionRow) entry.value();
            of(row.key()).row().add(row);
        });
        follow(world, Names.SESSION_RUNS_TOPIC, entry -> {
            SessionRunRow row = (SessionRunRow) entry.value();
            of(new SessionKey(row.environmentId(), row.chatId())).provenance().add(row);
        });
    }

    private void follow(World world, String topic, Consumer<LogEntry> receiver) {
        for (LogPartition partition : world.broker().topic(topic)) {
            sources.add(new Source(partition, receiver));
        }
    }

    /**
     * One partition. A commit counts at once, also when readers do not see it yet because somebody else's transaction
     * hangs before it.
     */
    private final class Source {
        private final LogPartition partition;
        private final Consumer<LogEntry> receiver;
        private final List<LogEntry> undecided = new ArrayList<>();
        private long next;

        private Source(LogPartition partition, Consumer<LogEntry> receiver) {
            this.partition = partition;
            this.receiver = receiver;
        }

        private void advance() {
            while (next < partition.end()) {
                undecided.add(partition.at(next++));
            }
            if (undecided.isEmpty()) {
                return;
            }
            for (Iterator<LogEntry> each = undecided.iterator(); each.hasNext();) {
                LogEntry entry = each.next();
                if (entry.decided()) {
                    each.remove();
                    if (entry.readable()) {
                        records++;
                        receiver.accept(entry);
                    }
                }
            }
        }
    }

    /** Takes in what is new, and checks it. */
    void advance() {
        sources.forEach(Source::advance);
    }

    /** Rises with every record. */
    long records() {
        return records;
    }

    OfSession of(SessionKey key) {
        return sessions.computeIfAbsent(key,
                _ -> OfSession.of(expect));
    }
}
