package dev.baton.run.gateway;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.run.domain.RunAssignment.CancelRun;
import dev.baton.run.domain.RunAssignment.DrainWorker;
import dev.baton.run.domain.RunReport.AssignmentReturned;
import dev.baton.run.domain.RunReport.PollEnded;
import dev.baton.run.domain.RunReport.PollsOpen;
import dev.baton.run.domain.RunReport.RunEndReported;
import dev.baton.run.domain.RunReport.RunStartReported;
import dev.baton.run.domain.RunReport.VersionPromoted;
import dev.baton.run.domain.RunReport.WorkerBeat;
import dev.baton.run.domain.RunReport.WorkerRegistered;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.token.AuthenticationException;
import dev.baton.wire.token.Credential;
import dev.baton.wire.worker.DequeueAnswer;
import dev.baton.wire.worker.DequeuedRun;
import dev.baton.wire.worker.HeartbeatAnswer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The worker protocol over real HTTP, with the topology played by the test. */
class WorkerRoutesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String START = "/api/v1/runs/run_1/attempts/1/start";
    private static final String COMPLETE = "/api/v1/runs/run_1/attempts/1/complete";
    private static final String WORKER = "{\"workerId\":\"worker-1\",\"task\":\"echo\"}";
    private static final String COMPLETED = "{\"workerId\":\"worker-1\",\"task\":\"echo\",\"outcome\":\"completed\","
            + "\"settledInSeq\":4,\"firstTurnSettled\":true}";
    private static final String BEAT = "{\"workerId\":\"worker-1\",\"task\":\"echo\",\"version\":\"v1\","
            + "\"runs\":[\"run_1\",\"run_2\"]}";

    private final GatewayFixture fixture = new GatewayFixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static List<DequeuedRun> runs(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        return WireJson.read(answer.body(), DequeueAnswer.class).runs();
    }

    private String runToken(String runId) {
        return fixture.tokens.mintRunToken(fixture.environment, GatewayFixture.SESSION, new Writer(4, runId));
    }

    @Test
    void anAssignedRunIsHandedOverWithATokenOfItsOwnAfterItsFence() throws AuthenticationException {
        // Given
        fixture.assigning("run_1");

        // When
        HttpResponse<String> answer = fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(20));

        // Then
        DequeuedRun run = runs(answer).getFirst();
        assertEquals(List.of(new Writer(4, "run_1")), fixture.fences);
        assertEquals("chat/1", run.chatId());
        assertEquals("http://api.test", run.apiUrl());
        assertEquals(5_000, run.leaseTtlMs());
        assertEquals("{\"chatId\":\"chat/1\"}", run.payload().text());
        Credential.RunToken token = (Credential.RunToken) fixture.tokens.authenticate(run.runToken());
        assertEquals(new Writer(4, "run_1"), token.writer());
        assertEquals(GatewayFixture.SESSION, token.sessionKey());
        assertEquals("env_dev/echo", fixture.reported.getFirst().queueKey());
        assertTrue(fixture.reports(PollEnded.class).isEmpty());
    }

    @Test
    void allRunsOfOneDecisionComeInOneAnswer() {
        // Given
        fixture.assigning("run_1", "run_2");

        // When
        List<DequeuedRun> runs = runs(fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(20)));

        // Then
        assertEquals(List.of("run_1", "run_2"), runs.stream().map(DequeuedRun::runId).toList());
    }

    @Test
    void aPollWhoseWaitRunsOutIsAnsweredEmptyAndReportedEnded() {
        // When
        List<DequeuedRun> runs = runs(fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(1)));

        // Then
        assertEquals(List.of(), runs);
        PollsOpen opened = fixture.reports(PollsOpen.class).getFirst();
        assertEquals(List.of(new PollEnded(GatewayFixture.GATEWAY, opened.polls().getFirst().pollId())),
                fixture.reports(PollEnded.class));
    }

    @Test
    void aClientThatLeavesDuringTheWaitEndsItsPoll() throws IOException {
        // Given
        String body = GatewayFixture.dequeueBody(60);
        Socket client = new Socket("127.0.0.1", fixture.port());
        client.getOutputStream().write(("POST " + WorkerRoutes.DEQUEUE + " HTTP/1.1\r\nHost: gateway\r\n"
                + "Authorization: Bearer " + GatewayFixture.SECRET + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
        await().atMost(DEADLINE).until(() -> !fixture.reports(PollsOpen.class).isEmpty());

        // When
        client.close();

        // Then
        await().atMost(DEADLINE).until(() -> !fixture.reports(PollEnded.class).isEmpty());
    }

    @Test
    void aBodyThatEndsBeforeItsAnnouncedLengthIsABadRequest() throws IOException {
        // Given
        try (Socket client = new Socket("127.0.0.1", fixture.port())) {
            client.getOutputStream().write(("POST " + START + " HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer "
                    + GatewayFixture.SECRET + "\r\nContent-Length: 500\r\n\r\n" + WORKER)
                    .getBytes(StandardCharsets.UTF_8));

            // When
            client.shutdownOutput();

            // Then
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.endsWith("{\"error\":\"Request body is incomplete\"}"), answer);
        }
    }

    @Test
    void anAssignmentToAPollThatIsGoneGoesBack() {
        // When
        fixture.gateway.accept(GatewayFixture.assignment("poll-gone", 1, "run_1"));

        // Then
        assertEquals(List.of(new GatewayFixture.Reported("env_dev/echo", new AssignmentReturned("run_1", 1))),
                fixture.reported);
    }

    @Test
    void aRunWhoseFenceCannotBeWrittenIsNotHandedOverAndGoesBack() {
        // Given
        fixture.assigning("run_1");
        fixture.fencesFail = true;

        // When
        List<DequeuedRun> runs = runs(fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(20)));

        // Then
        assertEquals(List.of(), runs);
        assertEquals(List.of(new AssignmentReturned("run_1", 1)), fixture.reports(AssignmentReturned.class));
    }

    @Test
    void waitingPollsAreAnnouncedAgainAndAreFreeWhenTheGatewayStops() {
        // Given
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(
                () -> fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(60)));
        await().atMost(DEADLINE).until(() -> fixture.reports(PollsOpen.class).size() == 1);

        // When
        fixture.gateway.announce();
        fixture.gateway.close();

        // Then
        assertEquals(List.of(), runs(waiting.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .join()));
        List<PollsOpen> announced = fixture.reports(PollsOpen.class);
        assertEquals(announced.getFirst(), announced.getLast());
        assertEquals(2, announced.size());
    }

    @Test
    void aGatewayThatStopsTakesNoPolls() {
        // Given
        fixture.gateway.close();

        // When
        HttpResponse<String> answer = fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(60));

        // Then
        assertEquals(503, answer.statusCode());
        assertEquals(List.of(), fixture.reported);
    }

    @Test
    void beforeItHearsTheTopologyTheGatewayTakesNoPolls() {
        // Given
        fixture.open = false;

        // When
        HttpResponse<String> answer = fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(1));

        // Then
        assertEquals(503, answer.statusCode());
        assertEquals(List.of(), fixture.reported);
    }

    @Test
    void aStartIsAnsweredWhenTheTopologyHasAgreedAndReportsTheSeqOfTheFence() {
        // Given
        fixture.assigning("run_1");
        fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(20));
        fixture.answeringStarts(true);

        // When
        HttpResponse<String> answer = fixture.post(START, WORKER);

        // Then
        assertEquals("200 {\"ok\":true}", answer.statusCode() + " " + answer.body());
        assertEquals(List.of(new RunStartReported(GatewayFixture.GATEWAY, "run_1", 1, "worker-1", 101)),
                fixture.reports(RunStartReported.class));
    }

    @Test
    void aStartTheTopologyRefusesIsAConflict() {
        // Given
        fixture.answeringStarts(false);

        // When
        HttpResponse<String> answer = fixture.post(START, WORKER);

        // Then
        assertEquals(409, answer.statusCode());
        assertEquals("{\"error\":\"expected attempt 1 of run_1 to be assigned to worker worker-1, but it is not: "
                + "drop the run\"}", answer.body());
    }

    @Test
    void aStartAtAGatewayThatDidNotWriteTheFenceSaysSo() {
        // Given
        fixture.answeringStarts(true);

        // When
        fixture.post(START, WORKER);

        // Then
        assertEquals(-1, fixture.reports(RunStartReported.class).getFirst().fenceOutSeq());
    }

    @Test
    void aCompleteIsReportedWithTheRunsOwnToken() {
        // When
        HttpResponse<String> answer = fixture.post(COMPLETE, runToken("run_1"), COMPLETED);

        // Then
        assertEquals("200 {\"ok\":true}", answer.statusCode() + " " + answer.body());
        assertEquals(List.of(new GatewayFixture.Reported("env_dev/echo",
                new RunEndReported("run_1", 1, "worker-1", RunOutcome.COMPLETED, 4L, true, null))), fixture.reported);
    }

    @Test
    void theTokenOfAnotherRunIsForbidden() {
        // When
        HttpResponse<String> answer = fixture.post(COMPLETE, runToken("run_2"), COMPLETED);

        // Then
        assertEquals(403, answer.statusCode());
        assertEquals(List.of(), fixture.reported);
    }

    @Test
    void aHeartbeatIsReportedAndAnswersEachCancelOnce() {
        // Given
        fixture.gateway.accept(new CancelRun("run_2", "worker-1"));
        fixture.gateway.accept(new CancelRun("run_1", "worker-2"));

        // When
        HttpResponse<String> first = fixture.post(WorkerRoutes.HEARTBEAT, BEAT);
        HttpResponse<String> second = fixture.post(WorkerRoutes.HEARTBEAT, BEAT);

        // Then
        assertEquals(new HeartbeatAnswer(List.of("run_2"), false), WireJson.read(first.body(), HeartbeatAnswer.class));
        assertEquals(new HeartbeatAnswer(List.of(), false), WireJson.read(second.body(), HeartbeatAnswer.class));
        assertEquals(new WorkerBeat(GatewayFixture.GATEWAY, "worker-1", "v1", List.of("run_1", "run_2")),
                fixture.reports(WorkerBeat.class).getFirst());
    }

    @Test
    void aCancelOfAnEarlierHoldDoesNotHitARunThatIsHandedOverAgain() {
        // Given
        fixture.gateway.accept(new CancelRun("run_1", "worker-1"));
        fixture.assigning("run_1");
        fixture.post(WorkerRoutes.DEQUEUE, GatewayFixture.dequeueBody(20));

        // When
        HttpResponse<String> answer = fixture.post(WorkerRoutes.HEARTBEAT, BEAT);

        // Then
        assertEquals(List.of(), WireJson.read(answer.body(), HeartbeatAnswer.class).cancel());
    }

    @Test
    void aHeartbeatReportsWaitingRunsAndAnswersADrainOnce() {
        // Given
        fixture.gateway.accept(new DrainWorker("worker-1"));
        fixture.gateway.accept(new DrainWorker("worker-2"));
        String beat = BEAT.replace("}", ",\"waiting\":[\"run_2\"]}");

        // When
        HttpResponse<String> first = fixture.post(WorkerRoutes.HEARTBEAT, beat);
        HttpResponse<String> second = fixture.post(WorkerRoutes.HEARTBEAT, beat);

        // Then
        assertEquals(new HeartbeatAnswer(List.of(), true), WireJson.read(first.body(), HeartbeatAnswer.class));
        assertEquals(new HeartbeatAnswer(List.of(), false), WireJson.read(second.body(), HeartbeatAnswer.class));
        assertEquals(new WorkerBeat(GatewayFixture.GATEWAY, "worker-1", "v1", List.of("run_1", "run_2"),
                List.of("run_2")), fixture.reports(WorkerBeat.class).getFirst());
    }

    /** PROTOCOL 5.6. */
    @Test
    void aRegistrationIsReportedAndAnsweredWithHowToBehave() {
        // When
        HttpResponse<String> answer = fixture.post(WorkerRoutes.REGISTER,
                "{\"workerId\":\"worker-1\",\"task\":\"echo\","
                        + "\"version\":\"v2\",\"capacity\":4,\"limits\":{\"gpu\":2},\"promote\":false}");
        HttpResponse<String> shortest = fixture.post(WorkerRoutes.REGISTER,
                "{\"workerId\":\"worker-1\",\"task\":\"echo\",\"version\":\"v2\",\"capacity\":4}");

        // Then
        assertEquals("{\"apiUrl\":\"http://api.test\",\"leaseTtlMs\":5000,\"heartbeatMs\":1666}", answer.body());
        assertEquals(200, shortest.statusCode());
        assertEquals(List.of(
                new WorkerRegistered(GatewayFixture.GATEWAY, "worker-1", "v2", 4, Map.of("gpu", 2), false),
                new WorkerRegistered(GatewayFixture.GATEWAY, "worker-1", "v2", 4, null, true)),
                fixture.reports(WorkerRegistered.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"capacity\":0", "\"capacity\":4,\"limits\":{\"gpu\":0}",
            "\"capacity\":4,\"limits\":{\"gpu\":null}", "\"capacity\":4,\"limits\":{\"\":1}"})
    void aRegistrationWithoutSenseIsRefused(String fields) {
        // When
        HttpResponse<String> answer = fixture.post(WorkerRoutes.REGISTER,
                "{\"workerId\":\"worker-1\",\"task\":\"echo\",\"version\":\"v2\"," + fields + "}");

        // Then
        assertEquals(400, answer.statusCode(), answer.body());
        assertEquals(List.of(), fixture.reports(WorkerRegistered.class));
    }

    @Test
    void aPromotionIsReportedToTheQueueOfItsTask() {
        // When
        HttpResponse<String> answer = fixture.post("/api/v1/workers/versions/v1/promote", "{\"task\":\"echo\"}");

        // Then
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(List.of(new GatewayFixture.Reported("env_dev/echo", new VersionPromoted("v1"))), fixture.reported);
    }

    @ParameterizedTest
    @ValueSource(strings = {WorkerRoutes.DEQUEUE, WorkerRoutes.HEARTBEAT, WorkerRoutes.REGISTER, START, COMPLETE})
    void aBrokerThatIsAwayMeansTryAgain(String path) {
        // Given
        fixture.brokerAway = true;
        String body = switch (path) {
            case COMPLETE -> COMPLETED;
            case WorkerRoutes.DEQUEUE -> GatewayFixture.dequeueBody(1);
            case WorkerRoutes.REGISTER ->
                "{\"workerId\":\"worker-1\",\"task\":\"echo\",\"version\":\"v2\",\"capacity\":4}";
            default -> BEAT;
        };

        // When
        HttpResponse<String> answer = fixture.post(path, body);

        // Then
        assertEquals(503, answer.statusCode());
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {WorkerRoutes.DEQUEUE, WorkerRoutes.HEARTBEAT, START, COMPLETE})
    void wrongAndMissingKeysAndPublicTokensAreRefused(String path) {
        // Given
        String publicToken = fixture.tokens.mintSessionToken(fixture.environment, "chat/1");

        // When
        List<HttpResponse<String>> answers = List.of(fixture.post(path, "tr_dev_wrong", "{}"),
                fixture.post(path, null, "{}"), fixture.post(path, publicToken, "{}"));

        // Then
        for (HttpResponse<String> answer : answers) {
            assertEquals("401 {\"error\":\"Invalid API key\"}", answer.statusCode() + " " + answer.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WorkerRoutes.DEQUEUE, WorkerRoutes.HEARTBEAT, WorkerRoutes.REGISTER})
    void aRunTokenIsNoWorkersKey(String path) {
        // When
        HttpResponse<String> answer = fixture.post(path, runToken("run_1"), BEAT);

        // Then
        assertEquals(401, answer.statusCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "|Request body is empty",
            "{\"workerId\":|Invalid JSON",
            "hello|Invalid JSON",
            "[]|expected a JSON object",
            "null|expected a JSON object, but was null",
            "{}|expected workerId to be a text of 1 to 256 characters, but was absent",
            "{\"workerId\":\"w\",\"task\":\" \"}|expected task to be a text of 1 to 256 characters, but was 1 characters",
            "{\"workerId\":\"w\",\"task\":\"t\",\"version\":\"v\",\"slots\":\"x\"}|expected a fitting value for 'slots'",
            "{\"workerId\":\"w\",\"task\":\"t\",\"version\":\"v\"}|expected slots between 1 and 100, but was 0",
            "{\"workerId\":\"w\",\"task\":\"t\",\"version\":\"v\",\"slots\":1,\"waitSeconds\":61}"
                    + "|expected waitSeconds between 1 and 60, but was 61"})
    void badDequeueBodiesAreExplainedAndNothingIsReported(String body, String error) {
        // When
        HttpResponse<String> answer = fixture.post(WorkerRoutes.DEQUEUE, body == null ? "" : body);

        // Then
        assertEquals(400, answer.statusCode());
        assertEquals(error, WireJson.readTree(answer.body()).get("error").textValue());
        assertEquals(List.of(), fixture.reported);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"workerId\":\"w\",\"task\":\"t\"}|expected outcome to be completed, failed or cancelled, but was absent",
            "{\"workerId\":\"w\",\"task\":\"t\",\"outcome\":\"crashed\"}"
                    + "|expected outcome to be completed, failed or cancelled, but was crashed",
            "{\"workerId\":\"w\",\"task\":\"t\",\"outcome\":\"splendid\"}|expected a fitting value for 'outcome'"})
    void badCompleteBodiesAreExplained(String body, String error) {
        // When
        HttpResponse<String> answer = fixture.post(COMPLETE, body);

        // Then
        assertEquals(400, answer.statusCode());
        assertEquals(error, WireJson.readTree(answer.body()).get("error").textValue());
    }

    @Test
    void anAttemptThatIsNoNumberIsExplained() {
        // When
        HttpResponse<String> answer = fixture.post("/api/v1/runs/run_1/attempts/first/start", WORKER);

        // Then
        assertEquals("400 {\"error\":\"expected the attempt to be a whole number from 1, but was 'first'\"}",
                answer.statusCode() + " " + answer.body());
    }

    @Test
    void aBodyOverTheLimitIsTooLarge() {
        // When
        HttpResponse<String> answer = fixture.post(COMPLETE,
                "{\"error\":\"" + "x".repeat(WorkerBodies.BODY_BYTES_MAX) + "\"}");

        // Then
        assertEquals(413, answer.statusCode());
        assertEquals(List.of(), fixture.reported);
    }

    @Test
    void aLongErrorTextIsCut() {
        // When
        fixture.post(COMPLETE, "{\"workerId\":\"w\",\"task\":\"t\",\"outcome\":\"failed\",\"error\":\""
                + "x".repeat(WorkerBodies.ERROR_CHARS_MAX + 1) + "\"}");

        // Then
        assertEquals(WorkerBodies.ERROR_CHARS_MAX, fixture.reports(RunEndReported.class).getFirst().error().length());
    }
}
