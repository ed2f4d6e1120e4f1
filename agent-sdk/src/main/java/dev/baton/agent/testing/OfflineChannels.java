package dev.baton.agent.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.OutgoingRecord;
import dev.baton.agent.session.Session;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.json.WireJson;

/** Both channels of one session in memory. All methods hold its monitor. */
final class OfflineChannels {
    private final List<LogRecord> in = new ArrayList<>();
    private final List<LogRecord> out = new ArrayList<>();
    private Optional<JsonNode> firstMessage = Optional.empty();
    private boolean chatStarted;

    /** The message that the session is created with; it has no seq. */
    synchronized void createdWith(JsonNode inData) {
        firstMessage = Optional.of(inData);
    }

    synchronized Optional<JsonNode> firstMessage() {
        return firstMessage;
    }

    synchronized void appendIn(JsonNode data) {
        in.add(new LogRecord(in.size(), "part" + in.size(), data, List.of(), 0));
    }

    synchronized void appendOut(OutgoingRecord record, long generation) {
        String body = record.record().body();
        JsonNode data = body.isEmpty() ? MissingNode.getInstance() : WireJson.readTree(body).path("data");
        out.add(new LogRecord(out.size(), record.id(), data, record.record().headers(), generation));
    }

    synchronized long lastInSeq() {
        return in.size() - 1L;
    }

    synchronized List<LogRecord> inAfter(long seq) {
        return List.copyOf(in.subList(Math.toIntExact(seq) + 1, in.size()));
    }

    synchronized List<LogRecord> outFrom(int index) {
        return List.copyOf(out.subList(index, out.size()));
    }

    synchronized int outSize() {
        return out.size();
    }

    /** Without a snapshot the tails go back to the beginning, and the first message stands before all others. */
    synchronized Session.Recovery recovery() {
        List<LogRecord> inputs = new ArrayList<>();
        firstMessage.ifPresent(data -> inputs.add(new LogRecord(Session.FROM_START, "first", data, List.of(), 0)));
        inputs.addAll(in);
        return new Session.Recovery(Optional.empty(), List.copyOf(out), inputs);
    }

    /** Highest {@code .in} seq that a complete turn has consumed, −1 for none. */
    synchronized long settledInSeq() {
        return out.stream().filter(OfflineChannels::completesTurn)
                .mapToLong(record -> Boundary.consumedInSeq(record.header(ChannelRecord.SESSION_IN_EVENT_ID))).max()
                .orElse(Session.FROM_START);
    }

    /** Whether any turn is complete; the first message belongs to the first one. */
    synchronized boolean anyTurnComplete() {
        return out.stream().anyMatch(OfflineChannels::completesTurn);
    }

    synchronized boolean chatStarted() {
        return chatStarted;
    }

    synchronized void markChatStarted() {
        chatStarted = true;
    }

    private static boolean completesTurn(LogRecord record) {
        return record.isControl(ChannelRecord.TURN_COMPLETE);
    }
}
