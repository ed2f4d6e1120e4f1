package dev.baton.agent.echo;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.AgentRun;
import dev.baton.agent.RunEnd;
import dev.baton.agent.SimulatedCrash;
import dev.baton.agent.fake.FakeBaton;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.SupersededException;
import dev.baton.agent.session.SessionClient;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.worker.DequeuedRun;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whole runs of the echo agent against the HTTP side. */
@Timeout(30)
class EchoRunsTest {
    private static final String PRELOAD = "{\"trigger\":\"preload\",\"chatId\":\"chat-1\",\"idleTimeoutInSeconds\":20}";

    private final FakeBaton baton = new FakeBaton();
    private final HttpCalls calls = new HttpCalls();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private AgentRun run;

    @AfterEach
    void close() {
        executor.shutdownNow();
        calls.close();
        baton.close();
    }

    private Future<RunEnd> start(DequeuedRun assignment) {
        AgentRun started = new AgentRun(assignment, new SessionClient(calls, assignment));
        run = started;
        return executor.submit(() -> EchoAgent.agent().run(started));
    }

    private static RunEnd end(Future<RunEnd> run) throws Exception {
        return run.get(20, TimeUnit.SECONDS);
    }

    private static String message(String id, String text) {
        return "{\"kind\":\"message\",\"payload\":{\"chatId\":\"chat-1\",\"trigger\":\"submit-message\",\"message\":"
                + userMessage(id, text) + "}}";
    }

    private static String trigger(String trigger) {
        return "{\"kind\":\"message\",\"payload\":{\"chatId\":\"chat-1\",\"trigger\":\"" + trigger + "\"}}";
    }

    private static String userMessage(String id, String text) {
        return "{\"id\":\"" + id + "\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
    }

    private static String assistantMessage(String id, String text) {
        return userMessage(id, text).replace("\"user\"", "\"assistant\"");
    }

    private static String firstPayload(String text) {
        return "{\"trigger\":\"submit-message\",\"message\":" + userMessage("u1", text)
                + ",\"idleTimeoutInSeconds\":0}";
    }

    private static String answer(String text, int count) {
        return "You said: " + text + ". That is user message " + count + " of this conversation.";
    }

    private void snapshot(long outSeq, long inSeq, String... messages) {
        baton.snapshot = Snapshot.of(1, List.of(messages).stream()
                .map(text -> assertInstanceOf(ObjectNode.class, WireJson.readTree(text))).toList(), outSeq, inSeq)
                .bytes();
    }

    @Test
    void theFirstMessageComesFromThePayloadAndSettlesNoSeq() throws Exception {
        // When
        RunEnd end = end(start(baton.firstRun(firstPayload("hi"))));

        // Then
        assertEquals(List.of("start", "start-step", "text-start"), baton.session.outline().subList(0, 3));
        List<String> outline = baton.session.outline();
        assertEquals(List.of("text-end", "finish-step", "finish", "turn-complete"),
                outline.subList(outline.size() - 4, outline.size()));
        assertEquals(answer("hi", 1), baton.session.text());
        assertEquals(List.of("none"), baton.session.settled());
        assertEquals(RunEnd.completed(null, true), end);
    }

    @Test
    void aFreshRunReadsNoSnapshotAndNoTail() throws Exception {
        // When
        end(start(baton.firstRun(firstPayload("hi"))));

        // Then
        assertEquals(0, baton.historyReads.get());
    }

    @Test
    void aPreloadedRunWaitsAndAnswersWhatArrives() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));

        // When
        baton.session.appendIn(message("u1", "one"));
        baton.session.appendIn(message("u2", "two"));
        await().until(() -> baton.session.settled().size() == 2);
        baton.session.appendIn(trigger("close"));

        // Then
        assertEquals(RunEnd.completed(2L, false), end(end));
        assertEquals(answer("one", 1) + answer("two", 2), baton.session.text());
        assertEquals(List.of("0", "1"), baton.session.settled());
    }

    @Test
    void aMessageBehindACloseThatNobodyHasSettledIsAnswered() throws Exception {
        // Given
        baton.session.appendIn(trigger("close"));
        baton.session.appendIn(message("u1", "still there?"));

        // When
        RunEnd end = end(start(baton.laterRun(2, RunReason.CONTINUATION)));

        // Then
        assertEquals(answer("still there?", 1), baton.session.text());
        assertEquals(RunEnd.completed(1L, false), end);
    }

    @Test
    void messagesWithoutIdsAreAnsweredEachOnItsOwn() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));

        // When
        baton.session.appendIn(message("", "one"));
        baton.session.appendIn(message("", "two"));
        baton.session.appendIn(trigger("close"));
        end(end);

        // Then
        assertEquals(answer("one", 1) + answer("two", 2), baton.session.text());
    }

    @Test
    void aMessageThatComesTwiceIsAnsweredOnce() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));

        // When
        baton.session.appendIn(message("u1", "one"));
        baton.session.appendIn(message("u1", "one"));
        baton.session.appendIn(trigger("close"));

        // Then
        assertEquals(RunEnd.completed(2L, false), end(end));
        assertEquals(answer("one", 1), baton.session.text());
    }

    @Test
    void aThrowingTurnIsAnErrorOnTheStreamAndTheRunGoesOn() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));

        // When
        baton.session.appendIn(message("u1", "/error"));
        baton.session.appendIn(message("u2", "still there?"));
        baton.session.appendIn(trigger("close"));

        // Then
        assertEquals(RunOutcome.COMPLETED, end(end).outcome());
        assertEquals(List.of("error", "turn-complete"), baton.session.outline().subList(0, 2));
        assertEquals("the echo agent was told to fail", baton.session.chunks().getFirst().path("errorText").asText());
        assertEquals(answer("still there?", 2), baton.session.text());
    }

    @Test
    void aStopEndsTheTurnAndTheRunGoesOn() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));
        baton.session.appendIn(message("u1", "/slow 10000"));
        await().until(() -> baton.session.outline().contains("text-delta"));

        // When
        baton.session.appendIn("{\"kind\":\"stop\"}");
        await().until(() -> baton.session.settled().size() == 1);
        baton.session.appendIn(trigger("close"));

        // Then
        assertEquals(RunEnd.completed(2L, false), end(end));
        List<String> outline = baton.session.outline();
        assertEquals(List.of("text-end", "abort", "turn-complete"),
                outline.subList(outline.size() - 3, outline.size()));
        assertEquals(List.of("1"), baton.session.settled());
    }

    @Test
    void regenerateAnswersTheSameMessageAgainUnderAnotherId() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));

        // When
        baton.session.appendIn(message("u1", "one"));
        baton.session.appendIn(trigger("regenerate-message"));
        baton.session.appendIn(trigger("close"));
        end(end);

        // Then
        assertEquals(answer("one", 1).repeat(2), baton.session.text());
        assertEquals(2, baton.session.chunks().stream().filter(chunk -> chunk.has("messageId"))
                .map(chunk -> chunk.path("messageId").asText()).distinct().count());
    }

    @Test
    void unknownKindsAndUnreadableRecordsAreConsumedWithoutATurn() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));

        // When
        baton.session.appendIn("not json");
        baton.session.appendIn("{\"kind\":\"handover-skip\"}");
        baton.session.appendIn(trigger("preload"));
        baton.session.appendIn(message("u1", "one"));
        baton.session.appendIn(trigger("close"));

        // Then
        assertEquals(RunEnd.completed(4L, false), end(end));
        assertEquals(List.of("3"), baton.session.settled());
    }

    @Test
    void exitEndsTheRunAfterTheTurn() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));

        // When
        baton.session.appendIn(message("u1", "/exit"));

        // Then
        assertEquals(RunEnd.completed(0L, false), end(end));
        assertEquals(answer("/exit", 1), baton.session.text());
    }

    @Test
    void anUpgradeIsMarkedThenAskedForAndTheMessageStaysUnsettled() throws Exception {
        // Given
        Future<RunEnd> end = start(baton.firstRun(PRELOAD));

        // When
        baton.session.appendIn(message("u1", "one"));
        baton.session.appendIn(message("u2", "/upgrade"));

        // Then
        assertEquals(RunEnd.completed(0L, false), end(end));
        assertEquals("upgrade-required", baton.session.outline().getLast());
        assertEquals(1, baton.handOvers.size());
        assertEquals("upgrade", WireJson.readTree(baton.handOvers.getFirst()).path("reason").asText());
        assertEquals("run_1", WireJson.readTree(baton.handOvers.getFirst()).path("callingRunId").asText());
    }

    @Test
    void theSuccessorOfAnUpgradeAnswersTheSameMessage() throws Exception {
        // Given
        baton.session.appendIn(message("u1", "one"));
        baton.session.appendIn(message("u2", "/upgrade"));
        long outSeq = baton.session.turnComplete(0L);
        snapshot(outSeq, 0, userMessage("u1", "one"), assistantMessage("a1", "x"));

        // When
        RunEnd end = end(start(baton.laterRun(2, RunReason.UPGRADE)));

        // Then
        assertEquals(RunEnd.completed(1L, false), end);
        assertEquals(answer("/upgrade", 2), baton.session.text());
        assertTrue(baton.handOvers.isEmpty());
    }

    @Test
    void aCrashLeavesAPartialAnswerThatTheSuccessorCompletes() throws Exception {
        // Given
        baton.session.appendIn(message("u1", "/crash"));
        ExecutionException crash = assertThrows(ExecutionException.class, () -> end(start(baton.firstRun(PRELOAD))));
        String partial = baton.session.text();

        // When
        RunEnd end = end(start(baton.laterRun(2, RunReason.CONTINUATION)));

        // Then
        assertInstanceOf(SimulatedCrash.class, crash.getCause());
        assertTrue(!partial.isEmpty() && partial.length() < answer("/crash", 1).length());
        assertEquals(answer("/crash", 1), baton.session.text());
        assertEquals(RunEnd.completed(0L, false), end);
        assertEquals(List.of("0"), baton.session.settled());
        assertEquals(1, baton.session.chunks().stream().filter(chunk -> chunk.has("messageId"))
                .map(chunk -> chunk.path("messageId").asText()).distinct().count());
        assertEquals(2, baton.session.outline().stream().filter("text-start"::equals).count());
        assertEquals(2, baton.session.outline().stream().filter("text-end"::equals).count());
    }

    @Test
    void aPartialAnswerFindsItsMessageEvenWhenThatOneCameLaterOnTheChannel() throws Exception {
        // Given a first message that crashed its run and was appended behind another one at the hand-over
        ExecutionException crash = assertThrows(ExecutionException.class,
                () -> end(start(baton.firstRun(firstPayload("/crash")))));
        baton.session.appendIn(message("u2", "second"));
        baton.session.appendIn(message("u1", "/crash"));

        // When
        RunEnd end = end(start(baton.laterRun(2, RunReason.CONTINUATION)));

        // Then
        assertInstanceOf(SimulatedCrash.class, crash.getCause());
        assertEquals(RunEnd.completed(1L, false), end);
        assertEquals(answer("/crash", 1) + answer("second", 2), baton.session.text());
        assertEquals(List.of("none", "1"), baton.session.settled());
    }

    @Test
    void aContinuationBootsFromTheSnapshotAndTheTailAndAnswersWhatWaits() throws Exception {
        // Given
        baton.session.appendIn(message("u2", "two"));
        baton.session.appendIn(message("u3", "three"));
        baton.session.appendIn("{\"kind\":\"stop\"}");
        long firstTurn = baton.session.turnComplete(null);
        baton.session.chunk("{\"type\":\"start\",\"messageId\":\"a2\"}");
        baton.session.chunk("{\"type\":\"text-start\",\"id\":\"t\"}");
        baton.session.chunk("{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"\"}");
        baton.session.chunk("{\"type\":\"finish\"}");
        baton.session.turnComplete(0L);
        snapshot(firstTurn, Snapshot.NO_SEQ, userMessage("u1", "one"), assistantMessage("a1", "x"));

        // When
        RunEnd end = end(start(baton.laterRun(3, RunReason.CONTINUATION)));

        // Then
        assertEquals(RunEnd.completed(2L, false), end);
        assertEquals(answer("three", 3), baton.session.text());
        assertEquals(List.of("none", "0", "2"), baton.session.settled());
    }

    @Test
    void aMessageThatIsAnsweredInTheHistoryIsNotAnsweredAgain() throws Exception {
        // Given
        baton.session.appendIn(message("u1", "one"));
        long outSeq = baton.session.turnComplete(null);
        snapshot(outSeq, Snapshot.NO_SEQ, userMessage("u1", "one"), assistantMessage("a1", "x"));

        // When
        RunEnd end = end(start(baton.laterRun(2, RunReason.CONTINUATION)));

        // Then
        assertEquals(RunEnd.completed(0L, false), end);
        assertEquals("", baton.session.text());
    }

    /** PROTOCOL 2.23: the message a session was created with is part of its history before there is a snapshot. */
    @Test
    void aBootWithoutASnapshotKnowsTheFirstMessage() throws Exception {
        // Given
        baton.firstTurn = message("u1", "one");
        baton.session.turnComplete(null);
        baton.session.appendIn(message("u2", "two"));

        // When
        Future<RunEnd> end = start(baton.laterRun(2, RunReason.CONTINUATION));

        // Then
        assertEquals(RunEnd.completed(0L, false), end(end));
        assertEquals(answer("two", 2), baton.session.text());
        assertEquals(1, baton.historyReads.get());
    }

    @Test
    void aStaleGenerationEndsTheRunWithoutAnotherWrite() {
        // Given
        baton.fates.add(FakeBaton.AppendFate.STALE);

        // When
        ExecutionException end = assertThrows(ExecutionException.class,
                () -> end(start(baton.firstRun(firstPayload("hi")))));

        // Then
        assertInstanceOf(SupersededException.class, end.getCause());
        assertEquals(1, baton.appends.get());
    }

    @Test
    void everyTextPartIsEndedWhenAnotherRunTakesOver() throws Exception {
        // Given
        baton.session.appendIn(message("u1", "hi"));
        baton.session.chunk("{\"type\":\"start\",\"messageId\":\"foreign\"}");
        baton.session.chunk("{\"type\":\"text-start\",\"id\":\"old\"}");
        baton.session.chunk("{\"type\":\"text-delta\",\"id\":\"old\",\"delta\":\"You said: h\"}");

        // When
        end(start(baton.laterRun(2, RunReason.CONTINUATION)));

        // Then
        assertEquals(answer("hi", 1), baton.session.text());
        List<JsonNode> after = baton.session.chunks().subList(3, 7);
        assertEquals("foreign", after.get(0).path("messageId").asText());
        assertEquals("{\"type\":\"text-end\",\"id\":\"old\"}", after.get(1).toString());
        assertEquals("start-step", after.get(2).path("type").asText());
    }
}
