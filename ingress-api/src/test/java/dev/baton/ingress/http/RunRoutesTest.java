package dev.baton.ingress.http;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.ingress.Rows;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunStep;
import dev.baton.wire.run.RunSteps;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs over HTTP: one, all that fit, what happened to one, and cancelling it (decision 0014). */
class RunRoutesTest extends OnIngress {
    private static final String RUN = "/api/v1/runs/run_2";

    @BeforeEach
    void threeRunsOfTwoSessions() {
        sessions.learn(Rows.numbered(1, "env_dev", "echo"));
        sessions.learn(Rows.numbered(2, "env_dev", "other"));
        sessions.learnRun(run("run_1", 1, 1, 10, 20L, RunOutcome.CRASHED));
        sessions.learnRun(run("run_2", 1, 2, 30, 40L, null));
        sessions.learnRun(run("run_3", 2, 1, 50, null, null));
    }

    private static SessionRunRow run(String runId, int session, long generation, long requestedAt, Long startedAt,
            RunOutcome outcome) {
        SessionRow row = Rows.numbered(session, "env_dev", "any");
        return new SessionRunRow(SessionRunRow.FORMAT, "env_dev", row.id(), row.chatId(), runId,
                session == 2 ? "other" : "echo", RunReason.INITIAL,
                generation, null, null, startedAt == null ? null : "v" + generation, startedAt == null ? 0 : 1,
                requestedAt, startedAt, outcome == null ? null : startedAt + 5, outcome, null, 0);
    }

    private static List<String> ids(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.path("data").forEach(run -> ids.add(run.path("runId").asText()));
        return ids;
    }

    /** PROTOCOL 2.20. */
    @Test
    void aRunSaysHowItStandsAndWhomItServes() throws IOException, InterruptedException {
        // When
        JsonNode run = get(RUN);

        // Then
        assertEquals("executing", run.path("status").asText());
        assertEquals("chat-1", run.path("chatId").asText());
        assertEquals("echo", run.path("taskIdentifier").asText());
        assertEquals("v2", run.path("workerVersion").asText());
    }

    /** PROTOCOL 2.20. */
    @ParameterizedTest
    @CsvSource({"run_3,'',queued", "run_3,dispatched,dispatched", "run_3,dispatched returned,queued",
            "run_2,dispatched,executing", "run_2,dispatched waiting,waiting", "run_2,waiting resumed,executing",
            "run_2,waiting stopping,stopping", "run_1,dispatched stopping stopped,crashed"})
    void theLastStepSaysHowARunStandsThatIsNotOver(String runId, String steps, String status)
            throws IOException, InterruptedException {
        // Given
        learnSteps(runId, steps);

        // When
        JsonNode run = get("/api/v1/runs/" + runId);

        // Then
        assertEquals(status, run.path("status").asText());
        assertTrue(ids(get("/api/v1/runs?filter%5Bstatus%5D=" + status)).contains(runId));
    }

    /** One each millisecond from 31 on: run_2 is requested at 30 and started at 40. */
    private void learnSteps(String runId, String types) {
        RunSteps steps = RunSteps.NONE;
        for (String type : types.isEmpty() ? new String[0] : types.split(" ")) {
            steps = steps.plus(new RunStep(RunStep.Type.ofLabel(type), 31L + steps.newest().size() * 5L, 1, "worker-1",
                    "v1", null));
        }
        sessions.learnSteps(new RunStepsRow(RunStepsRow.FORMAT, "env_dev", Rows.SESSION_ID, "chat-1", runId, steps));
    }

    private static List<String> types(JsonNode events) {
        return events.path("data").valueStream().map(event -> event.path("type").asText()).toList();
    }

    @Test
    void theEventsOfARunComeInTheirOrder() throws IOException, InterruptedException {
        // Given
        learnSteps("run_2", "dispatched returned waiting resumed waiting stopping stopped");
        sessions.learnRun(run("run_2", 1, 2, 30, 40L, RunOutcome.CANCELLED));

        // When
        JsonNode events = get(RUN + "/events");

        // Then: the session saw it end at 45, before its worker had stopped
        assertEquals(List.of("requested", "dispatched", "returned", "started", "waiting", "ended", "resumed", "waiting",
                "stopping", "stopped"), types(events));
        assertEquals("cancelled", events.path("data").get(5).path("outcome").asText());
        assertEquals("1970-01-01T00:00:00.045Z", events.path("data").get(5).path("at").asText());
        assertEquals("worker-1", events.path("data").get(1).path("workerId").asText());
        assertEquals(0, events.path("omitted").asInt(-1));
    }

    @Test
    void aRunWithoutStepsStillHasItsEvents() throws IOException, InterruptedException {
        // Then
        assertEquals(List.of("requested", "started", "ended"), types(get("/api/v1/runs/run_1/events")));
        assertEquals(List.of("requested"), types(get("/api/v1/runs/run_3/events")));
    }

    /** PROTOCOL 2.21. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|run_3 run_2 run_1", "filter[session]=chat-1|run_2 run_1",
            "filter[session]=session_c000000000000000000000002|run_3", "filter[taskIdentifier]=other|run_3",
            "filter[status]=queued,crashed|run_3 run_1", "filter[version]=v2|run_2",
            "filter[status]=crashed&filter[taskIdentifier]=other|''"})
    void aListHoldsWhatFitsTheNewestFirst(String query, String expected) throws IOException, InterruptedException {
        // When
        JsonNode list = get("/api/v1/runs?" + query.replace("[", "%5B").replace("]", "%5D"));

        // Then
        assertEquals(expected, String.join(" ", ids(list)));
    }

    @Test
    void pagesGoOnBehindTheirCursorAndBack() throws IOException, InterruptedException {
        // When
        JsonNode first = get("/api/v1/runs?page%5Bsize%5D=2");
        JsonNode second = get("/api/v1/runs?page%5Bsize%5D=2&page%5Bafter%5D="
                + first.path("pagination").path("next").asText());
        JsonNode back = get("/api/v1/runs?page%5Bsize%5D=2&page%5Bbefore%5D="
                + second.path("pagination").path("previous").asText());

        // Then
        assertEquals(List.of("run_3", "run_2"), ids(first));
        assertEquals(List.of("run_1"), ids(second));
        assertFalse(second.path("pagination").has("next"));
        assertEquals(ids(first), ids(back));
    }

    @Test
    void aRowThatIsReadAgainShowsOnceAsItIsNow() throws IOException, InterruptedException {
        // When
        sessions.learnRun(run("run_2", 1, 2, 30, 40L, RunOutcome.TIMED_OUT));

        // Then
        assertEquals(List.of("run_3", "run_2", "run_1"), ids(get("/api/v1/runs")));
        assertEquals("timed_out", get(RUN).path("status").asText());
    }

    @Test
    void cancelAsksTheSessionAndAnswersTheRunAsItIsThen() throws IOException, InterruptedException {
        // Given
        reply = new SessionReply.SessionAnswered(Rows.numbered(1, "env_dev", "echo"), true);

        // When
        HttpResponse<String> answer = send(request(RUN + "/cancel", KEY).POST(BodyPublishers.noBody()));

        // Then
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("run_2", WireJson.readTree(answer.body()).path("runId").asText());
        assertEquals(List.of(new SessionCommand.CancelRun("run_2")), asked);
    }

    @Test
    void whoMayNotSeeASessionMayNotSeeOrStopItsRuns() throws IOException, InterruptedException {
        // Given
        String otherRun = tokens.mintRunToken(DEV, new SessionKey("env_dev", "chat-2"), new Writer(1, "run_3"));
        String reader = tokens.mintPublicToken(DEV, List.of("read:sessions:chat-1"), Duration.ofMinutes(1));

        // Then
        assertEquals(403, status(RUN, otherRun));
        assertEquals(200, status(RUN, reader));
        assertEquals(403, status("/api/v1/runs", reader));
        assertEquals(403, send(request(RUN + "/cancel", reader).POST(BodyPublishers.noBody())).statusCode());
        assertEquals(List.of(), asked);
    }

    @Test
    void unknownRunsAre404AndUnknownStatuses400() throws IOException, InterruptedException {
        // Then
        assertEquals(404, status("/api/v1/runs/run_9", KEY));
        assertEquals(404, send(request("/api/v1/runs/run_9/cancel", KEY).POST(BodyPublishers.noBody())).statusCode());
        assertEquals(400, status("/api/v1/runs?filter%5Bstatus%5D=asleep", KEY));
    }
}
