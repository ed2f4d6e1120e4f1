package dev.baton.agent.chat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import dev.baton.wire.json.WireJson;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class InboxTest {
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final Inbox inbox = new Inbox(List.of(), -1, waiting::set);

    private static InEntry.Message message(long seq) {
        ObjectNode data = WireJson.MAPPER.createObjectNode().put("kind", "message");
        data.putObject("payload").put("trigger", "submit-message").putObject("message").put("id", "u" + seq);
        return new InEntry.Message(seq, data);
    }

    private Inbox.Taken take() throws InterruptedException {
        return inbox.take(Duration.ZERO).orElseThrow();
    }

    @Test
    void aStopEndsTheTurnThatRunsAndNotTheNextOne() throws InterruptedException {
        // Given
        inbox.offer(message(0));
        inbox.offer(message(1));
        Inbox.Taken first = take();

        // When
        inbox.offer(new InEntry.Stop(2));
        inbox.turnEnded();

        // Then
        assertTrue(first.stop().isRaised());
        assertFalse(take().stop().isRaised());
    }

    @Test
    void aStopThatOvertakesTheBeginningOfItsTurnStillEndsIt() throws InterruptedException {
        // Given
        inbox.offer(message(0));
        inbox.offer(new InEntry.Stop(1));

        // When
        Inbox.Taken taken = take();

        // Then
        assertTrue(taken.stop().isRaised());
    }

    @Test
    void aStopWhileNothingRunsOrWaitsDoesNothing() throws InterruptedException {
        // Given
        inbox.offer(new InEntry.Stop(0));
        inbox.offer(message(1));

        // When
        Inbox.Taken taken = take();

        // Then
        assertFalse(taken.stop().isRaised());
    }

    @Test
    void theSettledSeqCoversWhatFollowsWithoutATurnAndStopsBeforeWhatWaits() throws InterruptedException {
        // Given
        inbox.offer(message(0));
        inbox.offer(new InEntry.Stop(1));
        inbox.offer(new InEntry.Unknown(2));
        inbox.offer(message(3));
        inbox.offer(new InEntry.Stop(4));

        // When
        take();
        long afterTheFirst = inbox.settledSeq();
        take();

        // Then
        assertEquals(2, afterTheFirst);
        assertEquals(4, inbox.settledSeq());
    }

    @Test
    void nothingIsSettledWhenTheMessageThatWasTakenHasAnEarlierOneWaitingBehindIt() throws InterruptedException {
        // Given
        Inbox recovered = new Inbox(List.of(message(1), message(0)), 1, waiting::set);

        // When
        recovered.take(Duration.ZERO);

        // Then
        assertEquals(-1, recovered.settledSeq());
    }

    @Test
    void anEndedInboxHandsNothingOut() throws InterruptedException {
        // Given
        inbox.offer(message(0));

        // When
        inbox.end();

        // Then
        assertEquals(Optional.empty(), inbox.take(Duration.ofSeconds(30)));
        assertEquals(-1, inbox.settledSeq());
    }

    @Test
    void itWaitsFromTheMomentThereIsNothingUntilTheMomentThereIsSomething() throws Exception {
        // Given
        Thread taker = Thread.ofVirtual().start(() -> assertThrows(InterruptedException.class, () -> {
            inbox.take(Duration.ofMinutes(1));
            inbox.take(Duration.ofMinutes(1));
        }));
        await().until(waiting::get);

        // When
        inbox.offer(new InEntry.Stop(0));
        boolean afterStop = waiting.get();
        inbox.offer(message(1));

        // Then
        assertTrue(afterStop);
        await().until(waiting::get);
        taker.interrupt();
        taker.join();
        assertFalse(waiting.get());
    }

    @Test
    void aMessageForAnInboxThatWaitsEndsTheWaitingAtOnce() throws Exception {
        // Given an inbox that was told to wait by a thread that is gone
        waiting.set(true);

        // When
        inbox.offer(message(0));

        // Then
        assertFalse(waiting.get());
    }
}
