package dev.baton.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SubmissionPublisher;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.Worker;
import dev.baton.agent.client.RawSession;
import dev.baton.agent.client.SessionClosedException;
import dev.baton.agent.session.LogRecord;
import dev.baton.agent.task.SessionTask;
import dev.baton.agent.task.TaskInput;
import dev.baton.agent.task.TaskOverException;
import dev.baton.agent.task.TaskRun;
import dev.baton.system.support.BatonClient;
import dev.baton.wire.json.WireJson;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Tasks that are no chats, and the session from the outside (features #98, #129). */
@Timeout(60)
abstract class SessionTaskContract {
    private static final Duration LONG = Duration.ofSeconds(30);
    /** No other test asks for its runs. */
    private final String task = "task-" + UUID.randomUUID();

    private static Worker started(SessionTask task, BatonClient baton) {
        Worker worker = task.worker(baton.url().toString(), baton.bearer()).build();
        worker.start();
        return worker;
    }

    private RawSession session(BatonClient baton) throws InterruptedException {
        return RawSession.start(baton.url().toString(), baton.bearer(), task, RawSession.newExternalId(),
                Map.of("factor", 3));
    }

    private static JsonNode number(int value) {
        return WireJson.MAPPER.createObjectNode().put("n", value);
    }

    private static List<Integer> numbers(RawSession session, int count) throws InterruptedException {
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            LogRecord record = session.next().orElseThrow();
            if (record.data().has("n")) {
                numbers.add(record.data().path("n").asInt());
            }
        }
        return numbers;
    }

    /** {@code GuideTest} finds the code of docs/AGENTS.md here. */
    @Test
    @DisplayName("features #98, #129: records go in and come out, in order, and a run that has ended gives way to another one")
    void recordsGoInAndComeOut(BatonClient baton) throws Exception {
        // Given
        Duration idle = Duration.ofMillis(500);
        SessionTask times = SessionTask.of(task, run -> {
            int factor = run.payload().path("factor").asInt();
            for (Optional<LogRecord> in = run.in().await(idle); in.isPresent(); in = run.in().await(idle)) {
                run.out().append(number(in.get().data().path("n").asInt() * factor));
            }
        });
        try (Worker _ = started(times, baton); RawSession session = session(baton)) {
            session.send(number(1));
            session.send(number(2));
            assertEquals(List.of(3, 6), numbers(session, 2));

            // When its run has left
            await().until(() -> runs(baton, session).getFirst().path("outcome").asText().equals("completed"));
            session.send(number(5));

            // Then another one goes on behind what was settled, and somebody else reads on at the cursor
            try (RawSession elsewhere = RawSession.open(baton.url().toString(), baton.bearer(), session.externalId(),
                    session.cursor())) {
                assertEquals(List.of(15), numbers(elsewhere, 1));
            }
            assertEquals(2, runs(baton, session).getFirst().path("generation").asInt());
        }
    }

    /** As above. */
    @Test
    @DisplayName("features #98: the session of the page of agents")
    void theSessionOfThePage(BatonClient baton) throws Exception {
        // Given
        String url = baton.url().toString();
        String key = baton.bearer();
        SessionTask times = SessionTask.of("times", run -> run.out().append(number(
                run.in().await(LONG).orElseThrow().data().path("n").asInt() * run.payload().path("factor").asInt())));

        try (Worker _ = started(times, baton)) {
            // When
            RawSession session = RawSession.start(url, key, "times", "numbers-1", Map.of("factor", 3));
            session.send(WireJson.MAPPER.createObjectNode().put("n", 14));
            JsonNode product = session.next().orElseThrow().data();
            session.close();

            // Then
            assertEquals(42, product.path("n").asInt());
        }
    }

    private static List<JsonNode> runs(BatonClient baton, RawSession session) {
        return baton.get(BatonClient.session(session.externalId(), "/runs")).expect(200).json().path("data")
                .valueStream()
                .toList();
    }

    @Test
    @DisplayName("features #98: a handler gets what has arrived first, then what comes; peek and reads leave it alone")
    void aHandlerGetsEverything(BatonClient baton) throws Exception {
        // Given
        List<String> told = new CopyOnWriteArrayList<>();
        CountDownLatch three = new CountDownLatch(3);
        SessionTask handling = SessionTask.of(task, run -> {
            await().until(() -> run.in().peek().isPresent());
            told.add("peek " + run.in().peek().orElseThrow().data().path("n").asInt());
            try (TaskInput.Subscription _ = run.in().on(record -> {
                told.add("handler " + record.data().path("n").asInt());
                three.countDown();
            })) {
                assertThrows(IllegalStateException.class, () -> run.in().once(LONG));
                assertThrows(IllegalStateException.class, () -> run.in().on(_ -> {}));
                three.await();
            }
            told.add("once " + run.in().once(LONG).orElseThrow().data().path("n").asInt());
            told.add("nothing " + run.in().once(Duration.ZERO).isEmpty());
            run.closeSession("all read");
        });
        try (Worker _ = started(handling, baton); RawSession session = session(baton)) {
            // When
            for (int n = 1; n <= 3; n++) {
                session.send(number(n));
            }
            three.await();
            session.send(number(4));

            // Then
            await().until(() -> told.contains("nothing true"));
            assertEquals(List.of("peek 1", "handler 1", "handler 2", "handler 3", "once 4", "nothing true"), told);
            await().untilAsserted(
                    () -> assertThrows(SessionClosedException.class, () -> session.send(number(5))));
        }
    }

    @Test
    @DisplayName("features #129: lists and publishers are piped and merged, control records give their seq")
    void listsAndPublishersArePiped(BatonClient baton) throws Exception {
        // Given
        SessionTask piping = SessionTask.of(task, run -> {
            run.out().pipe(List.of(number(1), number(2)));
            SubmissionPublisher<JsonNode> publisher = new SubmissionPublisher<>();
            Thread.ofVirtual().start(() -> {
                await().until(publisher::hasSubscribers);
                publisher.submit(number(3));
                publisher.submit(number(4));
                publisher.close();
            });
            run.out().pipe(publisher);
            run.out().append(number(Math.toIntExact(run.out().control("note"))));
            run.out().writer(writer -> {
                writer.write(number(-1));
                writer.merge(List.of(number(-2), number(-3)));
            });
            run.out().append(number(-4));
        });
        try (Worker _ = started(piping, baton); RawSession session = session(baton)) {
            // When
            List<Integer> numbers = numbers(session, 9);

            // Then
            assertEquals(List.of(1, 2, 3, 4), numbers.subList(0, 4));
            JsonNode note = baton.get(BatonClient.channel(session.externalId(), "out", "/records")).expect(200).json()
                    .path("records").path(4);
            assertEquals(note.path("seqNum").asInt(), numbers.get(4));
            assertTrue(note.toString().contains("note"), note::toString);
            assertEquals(List.of(-1, -2, -3, -4), numbers.subList(5, 9));
        }
    }

    @Test
    @DisplayName("issue 6: a run that dies leaves what it has not settled to its successor, and nothing else")
    void aSuccessorSeesWhatWasNotSettled(BatonClient baton) throws Exception {
        // Given
        List<String> seen = new CopyOnWriteArrayList<>();
        SessionTask failing = SessionTask.of(task, run -> {
            seen.add(run.generation() + ": " + run.in().await(LONG).orElseThrow().data().path("n").asInt());
            if (run.generation() == 1) {
                run.settle();
                seen.add(run.generation() + ": " + run.in().await(LONG).orElseThrow().data().path("n").asInt());
                throw new IllegalStateException("as the test wants");
            }
        });
        try (Worker _ = started(failing, baton); RawSession session = session(baton)) {
            // When
            session.send(number(1));
            session.send(number(2));

            // Then
            await().until(() -> seen.size() == 3);
            assertEquals(List.of("1: 1", "1: 2", "2: 2"), seen);
        }
    }

    @Test
    @DisplayName("issue 6, Bad use: what is wanted of a run that is over, or cannot be, says what to do")
    void badUseSaysWhatToDo(BatonClient baton) throws Exception {
        // Given
        List<TaskRun> runs = new CopyOnWriteArrayList<>();
        List<String> messages = new CopyOnWriteArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        SessionTask bad = SessionTask.of(task, run -> {
            runs.add(run);
            messages.add(assertThrows(IllegalArgumentException.class, () -> run.in().once(Duration.ofSeconds(-1)))
                    .getMessage());
            messages.add(assertThrows(IllegalArgumentException.class,
                    () -> run.out().append(WireJson.MAPPER.valueToTree("x".repeat(1_100_000)))).getMessage());
            run.out().append(number(1));
            ended.countDown();
        });
        try (Worker _ = started(bad, baton); RawSession session = session(baton)) {
            ended.await();

            // When
            await().untilAsserted(() -> assertThrows(TaskOverException.class, () -> runs.getFirst().in().once(LONG)));
            messages.add(
                    assertThrows(TaskOverException.class, () -> runs.getFirst().out().append(number(2))).getMessage());

            // Then
            assertEquals(List.of(1), numbers(session, 1));
            assertEquals("expected a timeout of 0 or more, but was PT-1S: 0 looks without waiting",
                    messages.getFirst());
            assertTrue(messages.get(1).endsWith("split it into smaller parts"), messages.get(1));
            assertEquals("expected a write to .out before the code of the task returned, but the run is over:"
                    + " wait for your own threads before you return", messages.get(2));
        }
    }
}
