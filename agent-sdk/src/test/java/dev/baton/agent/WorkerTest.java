package dev.baton.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.echo.EchoAgent;
import dev.baton.agent.fake.FakeBaton;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.worker.CompleteRequest;
import dev.baton.wire.worker.HeartbeatRequest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class WorkerTest {
    private static final String FIRST = "{\"trigger\":\"submit-message\",\"idleTimeoutInSeconds\":%d,\"message\":"
            + "{\"id\":\"u1\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"%s\"}]}}";

    private final FakeBaton baton = new FakeBaton();
    private Worker worker;

    @AfterEach
    void close() {
        worker.close();
        baton.close();
    }

    private void start(Agent agent) {
        worker = Worker.builder().baseUrl(baton.url() + "/").secretKey("tr_dev_key").task("echo").version("v1")
                .slots(4).agent(agent).drainTimeout(Duration.ofMillis(300)).build();
        worker.start();
    }

    private void startEcho() {
        worker = EchoAgent.worker(baton.url(), "tr_dev_key", "v1");
        worker.start();
    }

    private List<String> lastHeartbeat() {
        return baton.heartbeats.isEmpty() ? List.of() : baton.heartbeats.getLast().runs();
    }

    @Test
    void aRunIsStartedExecutedAndCompletedWithItsOwnToken() {
        // Given
        startEcho();

        // When
        baton.offer(baton.firstRun(FIRST.formatted(0, "hi")));

        // Then
        await().until(() -> baton.completed.size() == 1);
        assertEquals(List.of("/api/v1/runs/run_1/attempts/1/start"), baton.started);
        assertEquals(RunOutcome.COMPLETED, baton.completed.getFirst().outcome());
        assertTrue(baton.completed.getFirst().firstTurnSettled());
        assertEquals(List.of("Bearer grant", "Bearer token-1", "Bearer tr_dev_key"),
                baton.bearers.stream().distinct().sorted().toList());
    }

    @Test
    void heartbeatsNameTheRunUntilItHasEnded() {
        // Given
        CountDownLatch mayEnd = new CountDownLatch(1);
        start(_ -> {
            mayEnd.await();
            return RunEnd.completed(3L, false);
        });

        // When
        baton.offer(baton.firstRun("{}"));
        await().until(() -> lastHeartbeat().equals(List.of("run_1")));
        mayEnd.countDown();

        // Then
        await().until(() -> lastHeartbeat().isEmpty());
        assertEquals(3L, baton.completed.getFirst().settledInSeq());
    }

    /** A worker whose first run has started, and ends when the latch is counted down. */
    private CountDownLatch startRunThatWaits() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        start(_ -> {
            mayEnd.await();
            return RunEnd.completed(3L, false);
        });
        baton.offer(baton.firstRun("{}"));
        await().until(() -> baton.started.size() == 1);
        return mayEnd;
    }

    @Test
    void aRunThatIsHandedOverTwiceIsExecutedOnceAndNotBrokenOff() {
        // Given
        CountDownLatch mayEnd = startRunThatWaits();

        // When: the run behind it shows that the repeated one was taken
        baton.offer(baton.firstRun("{}"));
        baton.offer(baton.laterRun(2, RunReason.CONTINUATION));
        await().until(() -> baton.started.contains("/api/v1/runs/run_2/attempts/1/start"));
        mayEnd.countDown();

        // Then
        await().until(() -> baton.completed.size() == 2);
        assertEquals(List.of(RunOutcome.COMPLETED, RunOutcome.COMPLETED),
                baton.completed.stream().map(CompleteRequest::outcome).toList());
        assertEquals(2, baton.started.size());
    }

    @Test
    void aCancelFromAHeartbeatInterruptsTheRun() {
        // Given
        start(_ -> {
            new CountDownLatch(1).await();
            return RunEnd.completed(null, false);
        });
        baton.offer(baton.firstRun("{}"));
        await().until(() -> baton.started.size() == 1);

        // When
        baton.cancelled.add("run_1");

        // Then
        await().until(() -> baton.completed.size() == 1);
        assertEquals(RunOutcome.CANCELLED, baton.completed.getFirst().outcome());
    }

    @Test
    void aCrashedRunVanishesFromTheHeartbeatsAndIsNeverCompleted() {
        // Given
        startEcho();
        baton.offer(baton.firstRun(FIRST.formatted(20, "/crash")));

        // When
        await().until(() -> !baton.session.text().isEmpty());
        int before = baton.heartbeats.size();

        // Then
        await().until(() -> baton.heartbeats.size() > before + 1 && lastHeartbeat().isEmpty());
        assertTrue(baton.completed.isEmpty());
    }

    @Test
    void aRunBetweenTurnsIsReportedAsWaitingAndAnAnsweringOneIsNot() {
        // Given: an answer that takes longer than the first heartbeat, then nothing to do
        startEcho();

        // When
        baton.offer(baton.firstRun(FIRST.formatted(600, "/slow 80")));
        await().until(() -> baton.heartbeats.stream().anyMatch(beat -> beat.waiting().equals(List.of("run_1"))));

        // Then
        List<HeartbeatRequest> naming = baton.heartbeats.stream().filter(beat -> !beat.runs().isEmpty()).toList();
        assertEquals(List.of(), naming.getFirst().waiting());
        assertEquals(List.of("run_1"), naming.getLast().waiting());
        assertEquals(1, baton.session.settled().size());
    }

    @Test
    void aDrainingWorkerTakesNothingNewAndFinishesWhatItHas() {
        // Given
        CountDownLatch mayEnd = startRunThatWaits();

        // When: two more heartbeats have said so, and the poll that was open is over
        baton.drain = true;
        int before = baton.heartbeats.size();
        await().until(() -> baton.heartbeats.size() > before + 2 && baton.openPolls.get() == 0);
        baton.offer(baton.laterRun(2, RunReason.CONTINUATION));
        mayEnd.countDown();

        // Then
        await().until(() -> baton.completed.size() == 1);
        int ended = baton.heartbeats.size();
        await().until(() -> baton.heartbeats.size() > ended + 2);
        assertEquals(RunOutcome.COMPLETED, baton.completed.getFirst().outcome());
        assertEquals(1, baton.started.size());
        baton.drain = false;
        await().until(() -> baton.started.size() == 2);
    }

    @Test
    void aRunThatThrowsIsCompletedAsFailed() {
        // Given
        start(_ -> {
            throw new IllegalStateException("broken");
        });

        // When
        baton.offer(baton.firstRun("{}"));

        // Then
        await().until(() -> baton.completed.size() == 1);
        assertEquals(RunOutcome.FAILED, baton.completed.getFirst().outcome());
    }

    @Test
    void aCompleteIsRepeatedOverFailuresOfTheGateway() {
        // Given
        start(_ -> RunEnd.completed(null, false));
        baton.failingCompletes.set(2);

        // When
        baton.offer(baton.firstRun("{}"));

        // Then
        await().until(() -> baton.completed.size() == 1);
    }

    @Test
    void closingEndsAnIdleRunAtOnceAndCompletesIt() {
        // Given
        startEcho();
        baton.offer(baton.firstRun(FIRST.formatted(600, "hi")));
        await().until(() -> baton.session.settled().size() == 1);

        // When
        worker.close();

        // Then
        assertEquals(RunOutcome.COMPLETED, baton.completed.getFirst().outcome());
    }

    @Test
    void closingBreaksOffATurnThatTakesTooLongAndSaysThatItFailed() {
        // Given
        start(_ -> {
            new CountDownLatch(1).await();
            return RunEnd.completed(null, false);
        });
        baton.offer(baton.firstRun("{}"));
        await().until(() -> baton.started.size() == 1);

        // When
        worker.close();

        // Then a successor is due, which a cancelled run would not get
        assertEquals(RunOutcome.FAILED, baton.completed.getFirst().outcome());
    }

    @Test
    void aWorkerWithoutSlotsOrKeyIsNotBuilt() {
        // Given
        startEcho();

        // When / Then
        assertThrows(IllegalArgumentException.class, () -> Worker.builder().slots(0).build());
        assertThrows(IllegalArgumentException.class, () -> Worker.builder().slots(1).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8030", "localhost", "ftp://host", "http:/host", "http://two words"})
    void aWorkerWhoseGatewayIsNoUrlIsNotBuilt(String url) {
        // Given
        startEcho();
        ChatAgent<?> agent = ChatAgent.builder("tested").run(_ -> {}).build();

        // When
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> agent.worker(url, "key").build());

        // Then
        assertEquals("expected the base URL of the gateway to be like http://host:port, but was '" + url
                + "': name the scheme and the host", refused.getMessage());
    }
}
