package dev.baton.wire.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The bytes of every kind of record that the services tell each other (docs/TOPICS.md), as they lie in
 * {@code golden/records-v1.ndjson}, one on a line. A line never changes: a changed format is a new line under a new name, and
 * the old one stays readable.
 */
class GoldenRecordsTest {
    private static final SessionKey KEY = new SessionKey("env_dev", "chat-1");
    private static final TriggerConfig CONFIG = new TriggerConfig(new Json("{\"chatId\":\"chat-1\"}"), "small-1x",
            "questions", List.of("chat:chat-1"), 3, 600, "v1", "eu-1", 30, List.of("gpu"), "tenant-7", "deployment-1",
            new Json("\"10m\""));
    private static final SessionRow ROW = new SessionRow(SessionRow.FORMAT, 4, "env_dev", "session_c1", "chat-1",
            "chat.agent", "echo", CONFIG, List.of("a"), new Json("{\"k\":[1]}"), 30L, "done", 40L, 10, 20, "run_1", 1,
            true, 7, 6, 50, 40, 0, 60L, null, null);

    /** What every line says, by the name of its type. */
    private static final Map<String, Object> RECORDS = Map.ofEntries(
            Map.entry("create-session/1", new SessionCommand.CreateSession("session_c1", "chat-1", "chat.agent", "echo",
                    CONFIG, List.of("a"), new Json("{\"k\":1}"), 40L)),
            Map.entry("update-session/1", new SessionCommand.UpdateSession(List.of("b"), null, true)),
            Map.entry("append-in/1", new SessionCommand.AppendIn("part-1", "{\"data\":\"hi\",\"id\":\"part-1\"}")),
            Map.entry("close-session/1", new SessionCommand.CloseSession("done", "run_1")),
            Map.entry("keep-history/1", new SessionCommand.KeepHistory()),
            Map.entry("delete-session/1", new SessionCommand.DeleteSession()),
            Map.entry("end-and-continue/1", new SessionCommand.EndAndContinue("run_1", RunReason.UPGRADE, "v2")),
            Map.entry("cancel-run/1", new SessionCommand.CancelRun("run_1")),
            Map.entry("settle-turn/1", new SessionCommand.SettleTurn(3, 7, 42)),
            Map.entry("trim-out/1", new SessionCommand.TrimOut(3, 40)),
            Map.entry("append-side/1", new SessionCommand.AppendSide("part-2", "{\"data\":1,\"id\":\"part-2\"}")),
            Map.entry("register-wait/1", new SessionCommand.RegisterWait("waitpoint_c1", "run_1", "in", -1, 9L,
                    List.of("t"), "key", 7L)),
            Map.entry("complete-waits/1", new SessionCommand.CompleteWaits("out", "waitpoint_c1", 42)),
            Map.entry("session-answered/1", new SessionReply.SessionAnswered(ROW, true)),
            Map.entry("append-answered/1", new SessionReply.AppendAnswered(7, true)),
            Map.entry("hand-over-answered/1", new SessionReply.HandOverAnswered("run_2", true, ROW)),
            Map.entry("wait-answered/1", new SessionReply.WaitAnswered("waitpoint_c1", true)),
            Map.entry("refused/1", new SessionReply.Refused(SessionReply.Refusal.CLOSED, "done")),
            Map.entry("start-run/1", new RunRequest.StartRun("run_2", KEY, "session_c1", "echo", 2,
                    RunReason.CONTINUATION, "run_1", new Json("{\"continuation\":true}"), CONFIG, "v1", 100, 200)),
            Map.entry("withdraw-run/1", new RunRequest.WithdrawRun("run_2", KEY, 300)),
            Map.entry("run-started/1", new RunEvent.RunStarted("run_2", 2, 110, 1, "worker-1", "v1", 40)),
            Map.entry("run-ended/1", new RunEvent.RunEnded("run_2", 2, 120, RunOutcome.FAILED, 7L, true, "boom")));

    static Stream<String> lines() throws IOException {
        try (InputStream file = GoldenRecordsTest.class.getResourceAsStream("/golden/records-v1.ndjson")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }

    private static String typeOf(String line) {
        return WireJson.readTree(line).path("type").asText();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aRecordIsWrittenAsItsLineAndReadBackFromIt(String line) {
        // Given
        Object record = RECORDS.get(typeOf(line));

        // When
        String written = WireJson.text(record);

        // Then
        assertEquals(line, written);
        assertEquals(record, WireJson.read(line, record.getClass()));
    }

    @Test
    void everyKindOfRecordHasALine() throws IOException {
        // Given
        Set<Class<?>> kinds = Stream
                .of(SessionCommand.class, SessionReply.class, RunRequest.class, RunEvent.class)
                .flatMap(GoldenRecordsTest::kinds).collect(Collectors.toSet());

        // When
        Set<Class<?>> told = lines().map(GoldenRecordsTest::typeOf).map(RECORDS::get).map(Object::getClass)
                .collect(Collectors.toSet());

        // Then
        assertEquals(kinds, told);
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GoldenRecordsTest::kinds)
                : Stream.of(type);
    }
}
