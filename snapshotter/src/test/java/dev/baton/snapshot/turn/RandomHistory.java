package dev.baton.snapshot.turn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.baton.snapshot.domain.Records;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/**
 * A made-up partition: sessions with and without a first-turn message, turns of several shapes, hand-overs with fences
 * and writers that come too late. Same seed, same history.
 */
final class RandomHistory {
    private static final String[] CHUNKS = {"{\"type\":\"start-step\"}", "{\"type\":\"text-start\",\"id\":\"t\"}",
            "{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"w \"}", "{\"type\":\"text-end\",\"id\":\"t\"}",
            "{\"type\":\"tool-input-available\",\"toolCallId\":\"c\",\"toolName\":\"f\",\"input\":1}",
            "{\"type\":\"tool-output-available\",\"toolCallId\":\"c\",\"output\":2}",
            "{\"type\":\"data-w\",\"id\":\"1\",\"data\":1}", "{\"type\":\"abort\"}", "{\"type\":\"finish\"}",
            "{\"type\":\"error\",\"errorText\":\"e\"}", "\"not a chunk\""};

    /** What the made-up agent and topology know of one session. */
    private static final class Session {
        private final SessionKey key;
        private long generation = 1;
        private long nextIn;
        private long consumed = -1;
        private int turn;

        private Session(SessionKey key) {
            this.key = key;
        }
    }

    final ListTopics topics = new ListTopics();
    /** For each {@code .out} record: how many {@code .in} records were committed before it. */
    final List<Integer> inBefore = new ArrayList<>();
    final Map<SessionKey, Long> lastBoundary = new HashMap<>();
    private final Random random;
    private long outOffset;

    RandomHistory(long seed) {
        random = new Random(seed);
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Session session = new Session(new SessionKey("env_dev", "chat-" + i));
            sessions.add(session);
            if (random.nextBoolean()) {
                in(session, -1, "first-" + i);
            }
        }
        for (int step = 0; step < 120; step++) {
            step(sessions.get(random.nextInt(sessions.size())));
        }
    }

    private void step(Session session) {
        switch (random.nextInt(8)) {
            case 0, 1 -> in(session, session.nextIn++, "u" + session.nextIn);
            case 2 -> {
                session.consumed = session.nextIn == 0 ? -1 : random.nextLong(session.consumed, session.nextIn);
                lastBoundary.put(session.key, outOffset);
                out(Records.turnComplete(session.key, outOffset, session.generation, session.consumed));
                session.turn++;
            }
            case 3 -> {
                if (random.nextInt(3) == 0) {
                    out(Records.fence(session.key, outOffset, ++session.generation));
                    // A paused worker wakes up: nothing of this may ever be seen.
                    chunk(session, session.generation - 1, "{\"type\":\"data-void\",\"data\":1}");
                    out(Records.turnComplete(session.key, outOffset, session.generation - 1, session.consumed));
                }
                chunk(session, session.generation, "{\"type\":\"start\",\"messageId\":\"a" + session.turn + "\"}");
            }
            default -> chunk(session, session.generation, CHUNKS[random.nextInt(CHUNKS.length)]);
        }
    }

    private void in(Session session, long seq, String id) {
        topics.in.add(Records.in(session.key, topics.in.size() * 2L, seq, Records.userMessage(id, "x")));
    }

    private void chunk(Session session, long generation, String json) {
        out(Records.chunk(session.key, outOffset, generation, json));
    }

    private void out(StoredRecord record) {
        topics.out.add(record);
        inBefore.add(topics.in.size());
        outOffset++;
    }
}
