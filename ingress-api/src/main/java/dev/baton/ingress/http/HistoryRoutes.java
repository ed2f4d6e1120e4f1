package dev.baton.ingress.http;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.log.ChannelReader.Target;
import dev.baton.ingress.snapshot.SnapshotObjects;
import dev.baton.ingress.snapshot.SnapshotUnavailableException;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.history.IndexedSnapshot;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.Environment;

/**
 * The conversation itself: all that a run needs to go on with it, in one answer, and its messages for whoever shows them.
 *
 * <p>Both read the snapshot first, then {@code .out}, then {@code .in}: a turn that ends in between is in the tail of
 * {@code .out} with the inputs it consumed, so what is answered is one consistent cut.
 */
public final class HistoryRoutes implements Routes {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryRoutes.class);
    private static final int MESSAGES_MAX = 1_000;
    private static final int MESSAGES_DEFAULT = 100;

    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final SnapshotObjects snapshots;
    private final ChannelReader reader;

    public HistoryRoutes(Authenticator authenticator, SessionDirectory sessions, SnapshotObjects snapshots,
            ChannelReader reader) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.snapshots = snapshots;
        this.reader = reader;
    }

    @Override
    public void register(RoutesConfig routes) {
        Routes.reading(routes, SessionRoutes.ITEM + "/boot", this::boot);
        Routes.reading(routes, SessionRoutes.ITEM + "/transcript", this::transcript);
    }

    /** PROTOCOL 2.23. A store that does not answer is no reason to stand still: the tail is longer then. */
    private void boot(Context ctx) throws InterruptedException {
        Credential credential = authenticator.secretKeyOrRunToken(ctx);
        boolean withoutHistory = QueryReader.of(ctx).is("history", "none");
        SessionAddress session = found(ctx, credential.environment());
        Access.require(Access.may(credential, Access.READ, session.key(), session.forms()));
        Optional<Snapshot> snapshot = withoutHistory
                ? settled(session.row())
                : stored(credential.environment(), session);
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.set("snapshot", snapshot.<JsonNode>map(WireJson.MAPPER::valueToTree).orElse(null));
        answer.set("out", records(session, Channel.OUT, snapshot.map(Snapshot::lastOutSeq)));
        answer.set("in", records(session, Channel.IN, snapshot.map(Snapshot::lastInSeq)));
        Answers.json(ctx, answer);
    }

    private Optional<Snapshot> stored(Environment environment, SessionAddress session) throws InterruptedException {
        try {
            return snapshots.read(environment, session.row().id()).flatMap(Snapshot::read);
        } catch (SnapshotUnavailableException e) {
            LOG.warn("boot without a snapshot, session={} cause={}",
                    Names.fingerprint(session.key().toString()), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Where the conversation is settled, without its messages: for agents that keep them, the store is not asked. A task that is no
     * chat may have settled what came in and have no turns at all.
     */
    private static Optional<Snapshot> settled(SessionRow row) {
        return row.settledOutSeq() == Snapshot.NO_SEQ && row.settledInSeq() == Snapshot.NO_SEQ
                ? Optional.empty()
                : Optional.of(Snapshot.of(row.updatedAt(), List.of(), row.settledOutSeq(), row.settledInSeq()));
    }

    /** Contract §1.11. */
    private void transcript(Context ctx) throws InterruptedException {
        Environment environment = authenticator.secretKeyOnly(ctx);
        QueryReader query = QueryReader.of(ctx);
        int limit = query.number("limit", MESSAGES_MAX, MESSAGES_DEFAULT);
        int before = query.place("before", PageCursors::message, Integer.MAX_VALUE);
        SessionAddress session = found(ctx, environment);
        Optional<Snapshot> snapshot = snapshots.read(environment, session.row().id())
                .flatMap(bytes -> Snapshot.read(bytes).or(() -> IndexedSnapshot.read(bytes)));
        ArrayNode out = records(session, Channel.OUT, snapshot.map(Snapshot::lastOutSeq));
        ArrayNode in = records(session, Channel.IN, snapshot.map(Snapshot::lastInSeq));
        Answers.json(ctx, Transcript.of(snapshot, out, in).page(limit, before));
    }

    private SessionAddress found(Context ctx, Environment environment) {
        SessionAddress session = SessionAddress.fresh(sessions, environment.id(), ctx.pathParam("session"));
        if (session.row() == null) {
            throw Failures.notFound();
        }
        return session;
    }

    /** With the generation of its writer, which a fold must know: where it rises, another run took over. */
    private static ObjectNode drained(TailEntry entry) {
        ObjectNode record = DrainedRecords.drained(entry.json());
        return entry.generation() == 0 ? record : record.put("generation", entry.generation());
    }

    /** @param afterSeq cursor of the snapshot, empty when there is no snapshot */
    private ArrayNode records(SessionAddress session, Channel channel, Optional<Long> afterSeq)
            throws InterruptedException {
        ArrayNode records = WireJson.MAPPER.createArrayNode();
        Target target = Target.of(session.key(), channel, session.row());
        Consumer<TailEntry> each = entry -> records.add(drained(entry));
        if (afterSeq.isPresent()) {
            long seq = afterSeq.get();
            reader.forEach(target, seq == Snapshot.NO_SEQ ? OptionalLong.empty() : OptionalLong.of(seq), each);
        } else {
            reader.forEachFromCreation(target, each);
        }
        return records;
    }
}
