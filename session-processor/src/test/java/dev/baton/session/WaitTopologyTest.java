package dev.baton.session;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.session.domain.Sessions;
import dev.baton.session.domain.Waits;
import dev.baton.session.store.WaitStore;
import dev.baton.wire.Names;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.WaitRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Waits and appends meet in one partition: what wakes whom, and when (contract §3.3). */
class WaitTopologyTest extends OnTopology {
    @Test
    void anAppendWakesAllWaitsInTheSameStep() {
        // Given
        live();
        send(wait("waitpoint_c1"));
        send(wait("waitpoint_c2"));
        assertEquals(2, waits().size());
        drain();

        // When
        send(Sessions.append("p1"));
        List<WaitRow> woken = waits();
        send(Sessions.append("p2"));

        // Then
        assertEquals(List.of("waitpoint_c1", "waitpoint_c2"), woken.stream().map(WaitRow::waitpointId).toList());
        woken.forEach(row -> assertEquals(0, row.seq()));
        assertEquals(List.of(), waits(), "a wait is woken once");
    }

    @Test
    void aWaitNeedsNoSessionAndTheFirstRecordCompletesIt() {
        // Given
        SessionReply reply = send(wait("waitpoint_c1"));
        waits();
        send(Sessions.create(Sessions.PRELOAD));

        // When
        send(Sessions.append("p1"));

        // Then
        assertEquals(new SessionReply.WaitAnswered("waitpoint_c1", false), reply);
        assertEquals(0, single(waits()).seq());
    }

    @Test
    void waitsThatHaveTimedOutLeaveTheStore() {
        // Given
        send(new SessionCommand.RegisterWait("waitpoint_c1", "run_1", "in", -1, Sessions.NOW + 1, List.of(), null,
                null));
        KeyValueStore<String, Waits> store = driver.getKeyValueStore(WaitStore.STORE);
        assertTrue(store.get(KEY) != null);

        // When
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        // Then
        assertEquals(null, store.get(KEY));
    }

    @Test
    void aWalkLooksAtPartOfTheStoreAndTheNextOneGoesOn() {
        // Given
        KeyValueStore<String, Waits> store = driver.getKeyValueStore(WaitStore.STORE);
        WaitRow dead = new WaitRow(WaitRow.FORMAT, "waitpoint_c1", "env_dev", "chat-1", "in", "run_1", List.of(), 1, 2L,
                null, null);
        for (int i = 0; i < WaitStore.WALK_ENTRIES_MAX + 1; i++) {
            store.put("env_dev/chat-" + i, new Waits(List.of(dead), List.of()));
        }

        // When
        driver.advanceWallClockTime(Duration.ofSeconds(10));
        int left = count(store);
        driver.advanceWallClockTime(Duration.ofSeconds(10));

        // Then
        assertEquals(1, left);
        assertEquals(0, count(store));
    }

    @Test
    @DisplayName("contract §3.3, decision 0005: a first message that is put back wakes waits too")
    void aFirstMessageThatIsPutBackWakesWaits() {
        // Given
        send(Sessions.create(Sessions.FIRST_MESSAGE));
        report(Sessions.started(1, 10));
        send(wait("waitpoint_c1"));
        WaitRow waiting = single(waits());

        // When
        report(Sessions.ended(1, RunOutcome.CRASHED));

        // Then
        assertEquals(null, waiting.seq());
        assertEquals(0, single(waits()).seq());
    }

    @Test
    @DisplayName("decision 0010: a repeat of an append wakes nobody again")
    void aRepeatOfAnAppendWakesNobody() {
        // Given
        live();
        send(Sessions.append("p1"));
        send(new SessionCommand.RegisterWait("waitpoint_c1", "run_1", "in", 0, null, List.of(), null, null));
        waits();

        // When
        SessionReply repeat = send(Sessions.append("p1"));

        // Then
        assertEquals(new SessionReply.AppendAnswered(0, true), repeat);
        assertEquals(List.of(), waits());
    }

    private static int count(KeyValueStore<String, Waits> store) {
        int count = 0;
        try (KeyValueIterator<String, Waits> all = store.all()) {
            while (all.hasNext()) {
                all.next();
                count++;
            }
        }
        return count;
    }

    private static SessionCommand.RegisterWait wait(String waitpointId) {
        return new SessionCommand.RegisterWait(waitpointId, "run_1", "in", -1, null, List.of(), null, null);
    }

    private List<WaitRow> waits() {
        return read(Names.WAITS_TOPIC, new JsonSerde<>(WaitRow.class).deserializer());
    }
}
