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
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
        return new SessionRunRow(SessionRunRow.FORMAT, "env_dev", row.id(), row.chatId(), runId, RunReason.INITIAL,
                generation, null, null, startedAt == null ? null : "v" + generation, startedAt == null ? 0 : 1,
                requestedAt, startedAt, outcome == null ? null : startedAt + 5, outcome, null, 0);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(path, KEY).GET());
        assertEquals(200, answer.statusCode(), answer.body());
        return WireJson.readTree(answer.body());
    }

    private int status(String path, String bearer) throws IOException, InterruptedException {
        return send(request(path, bearer).GET()).statusCode();
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

    @Test
    void theEventsOfARunComeInTheirOrder() throws IOException, InterruptedException {
        // When
        JsonNode events = get("/api/v1/runs/run_1/events").path("data");

        // Then
        assertEquals(List.of("requested", "started", "ended"),
                List.of(events.get(0).path("type").asText(), events.get(1).path("type").asText(),
                        events.get(2).path("type").asText()));
        assertEquals("crashed", events.get(2).path("outcome").asText());
        assertEquals("1970-01-01T00:00:00.025Z", events.get(2).path("at").asText());
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
