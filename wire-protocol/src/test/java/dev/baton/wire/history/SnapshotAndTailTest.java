package dev.baton.wire.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Random conversations: messages, regenerations, tool answers, chunks of all kinds, runs that die in the middle of an answer, edits. */
class SnapshotAndTailTest {
    private static final int HISTORIES = 2_000;
    private static final int EVENTS_MAX = 40;

    private sealed interface Event {
        record Received(TailFold.Input input) implements Event {}

        record Written(long generation, JsonNode chunk) implements Event {}

        record Completed(long generation, long outSeq, long consumedInSeq) implements Event {}
    }

    /** One conversation as it happens. Same seed, same conversation. */
    private static final class Conversation {
        private final Random random;
        private final List<Event> events = new ArrayList<>();
        private final List<JsonNode> chunks = new ArrayList<>();
        private long generation = 1;
        private long nextInSeq;
        private int turns;

        private Conversation(long seed) {
            random = new Random(seed);
            if (random.nextBoolean()) {
                events.add(new Event.Received(new TailFold.Input(Snapshot.NO_SEQ, message("submit-message", "first"))));
            }
        }

        private static List<Event> of(long seed) {
            Conversation conversation = new Conversation(seed);
            while (conversation.events.size() < EVENTS_MAX) {
                conversation.next();
            }
            return conversation.events;
        }

        private void next() {
            switch (random.nextInt(13)) {
                case 0, 1 -> receive();
                case 2 -> complete();
                case 12 -> edit();
                case 3 -> generation += random.nextInt(4) == 0 ? 1 : 0;
                default -> write();
            }
        }

        private void receive() {
            JsonNode data = switch (random.nextInt(6)) {
                case 0 -> message("regenerate-message", null);
                case 1 -> WireJson.readTree("{\"kind\":\"stop\"}");
                case 2 -> MissingNode.getInstance();
                default -> message("submit-message", "u" + random.nextInt(6));
            };
            events.add(new Event.Received(new TailFold.Input(nextInSeq++, data)));
        }

        private static JsonNode message(String trigger, String id) {
            ObjectNode data = WireJson.MAPPER.createObjectNode().put("kind", "message");
            ObjectNode payload = data.putObject("payload").put("trigger", trigger);
            if (id != null) {
                payload.putObject("message").put("id", id).put("role", "user").putArray("parts").addObject()
                        .put("type", "text").put("text", "text of " + id);
            }
            return data;
        }

        private void write() {
            if (chunks.isEmpty()) {
                ObjectNode stream = RandomChunks.stream(random.nextLong());
                stream.path("chunks").forEach(chunks::add);
                // Now and then it goes on with an answer of before.
                ((ObjectNode) chunks.getFirst()).put("messageId", "a" + (random.nextInt(5) == 0 ? 0 : turns));
            }
            events.add(new Event.Written(generation, chunks.removeFirst()));
        }

        /** Mostly where an agent writes it, right in front of the turn-complete; now and then its run dies there. */
        private void edit() {
            ObjectNode put = WireJson.MAPPER.createObjectNode().put("id", "e" + random.nextInt(4)).put("role", "user");
            HistoryEdit edit = new HistoryEdit(List.of("u" + random.nextInt(6), "a" + random.nextInt(turns + 1)),
                    List.of(new HistoryEdit.Put(put.put("turn", turns), Optional.of("u" + random.nextInt(6)))));
            edit.chunks(0).forEach(chunk -> events.add(new Event.Written(generation, chunk)));
            if (random.nextInt(4) > 0) {
                complete();
            }
        }

        private void complete() {
            chunks.clear();
            turns++;
            long consumed = nextInSeq == 0 ? Snapshot.NO_SEQ : nextInSeq - 1 - random.nextInt(2);
            events.add(new Event.Completed(generation, events.size(), Math.max(Snapshot.NO_SEQ, consumed)));
        }
    }

    /** Reads snapshot and events as a boot does: all inputs, then {@code .out}. */
    private static TailFold fold(Optional<Snapshot> base, List<Event> events) {
        TailFold fold = new TailFold(base);
        events.stream().filter(Event.Received.class::isInstance).map(Event.Received.class::cast)
                .forEach(received -> fold.input(received.input()));
        long known = base.map(Snapshot::lastOutSeq).orElse(Snapshot.NO_SEQ);
        for (int position = (int) known + 1; position < events.size(); position++) {
            switch (events.get(position)) {
                case Event.Received _ -> {
                }
                case Event.Written(long generation, JsonNode chunk) -> {
                    fold.writtenBy(generation);
                    fold.chunk(chunk);
                }
                case Event.Completed(long generation, long outSeq, long consumedInSeq) -> {
                    fold.writtenBy(generation);
                    fold.completeTurn(outSeq, consumedInSeq);
                }
            }
        }
        return fold;
    }

    /** As it comes back from the object store. */
    private static Snapshot stored(TailFold fold) {
        return Snapshot.read(Snapshot.of(1, fold).bytes()).orElseThrow();
    }

    private static void assertSame(TailFold everything, TailFold behindSnapshot, String where) {
        assertEquals(everything.messagesWithOpenAnswer(), behindSnapshot.messagesWithOpenAnswer(), where);
        assertEquals(everything.messages(), behindSnapshot.messages(), where);
        assertEquals(everything.settled().nonFinalIds(), behindSnapshot.settled().nonFinalIds(), where);
        assertEquals(everything.waiting(), behindSnapshot.waiting(), where);
        assertEquals(everything.settledInSeq(), behindSnapshot.settledInSeq(), where);
        assertEquals(everything.settledOutSeq(), behindSnapshot.settledOutSeq(), where);
    }

    @Test
    @DisplayName("issue, History: at every cut of 2,000 random histories, snapshot and tail are the fold of everything")
    void snapshotAndTailAreTheFoldOfEverything() {
        int cuts = 0;
        for (long seed = 0; seed < HISTORIES; seed++) {
            // Given
            List<Event> events = Conversation.of(seed);
            List<Snapshot> snapshots = new ArrayList<>();
            Random random = new Random(seed);
            for (int cut = 1; cut <= events.size(); cut++) {
                List<Event> soFar = events.subList(0, cut);

                // When
                TailFold everything = fold(Optional.empty(), soFar);
                if (soFar.getLast() instanceof Event.Completed) {
                    snapshots.add(stored(everything));
                }

                // Then: behind the newest snapshot, and behind one that is older
                if (!snapshots.isEmpty()) {
                    String where = "seed " + seed + ", cut " + cut;
                    assertSame(everything, fold(Optional.of(snapshots.getLast()), soFar), where);
                    Snapshot older = snapshots.get(random.nextInt(snapshots.size()));
                    assertSame(everything, fold(Optional.of(older), soFar), where + ", snapshot " + older.lastOutSeq());
                    cuts++;
                }
            }
        }
        assertTrue(cuts > HISTORIES, "cuts behind a snapshot: " + cuts);
    }
}
