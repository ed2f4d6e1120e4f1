package dev.baton.run.domain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The bytes of what gateways and the run topology tell each other (docs/TOPICS.md): two versions of a gateway meet while a
 * deployment is being replaced. One line for each kind; a line never changes.
 */
class GoldenRunRecordsTest {
    private static final List<Object> RECORDS = List.of(
            new RunReport.PollsOpen("gateway-1", List.of(new RunReport.Poll("poll-1", "worker-1", "v1", 2))),
            new RunReport.PollEnded("gateway-1", "poll-1"), new RunReport.AssignmentReturned("run_1", 3),
            new RunReport.WorkerBeat("gateway-1", "worker-1", "v1", List.of("run_1", "run_2"), List.of("run_2")),
            new RunReport.WorkerRegistered("gateway-1", "worker-1", "v1", 4, Map.of("gpu", 1), true),
            new RunReport.VersionPromoted("v2"),
            new RunReport.RunStartReported("gateway-1", "run_1", 1, "worker-1", 40),
            new RunReport.RunEndReported("run_1", 1, "worker-1", RunOutcome.FAILED, 7L, true, "boom"),
            new RunAssignment.AssignRun("poll-1", 1, 2, 1,
                    new RunRequest.StartRun("run_1", new SessionKey("env_dev", "chat-1"), "session_c1", "echo", 1,
                            RunReason.INITIAL, null, new Json("{\"chatId\":\"chat-1\"}"), null, null, 100, 200)),
            new RunAssignment.AnswerStart("run_1", 1, "worker-1", true),
            new RunAssignment.CancelRun("run_1", "worker-1"),
            new RunAssignment.DrainWorker("worker-1"));

    static Stream<Object> records() {
        return RECORDS.stream();
    }

    private static List<String> lines() throws IOException {
        try (InputStream file = GoldenRunRecordsTest.class.getResourceAsStream("/golden/run-records-v1.ndjson")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    @DisplayName("issue 5: each record has its golden bytes, and is read back from them")
    void aRecordHasItsGoldenBytes(Object record) throws IOException {
        // Given
        String line = lines().get(RECORDS.indexOf(record));

        // When
        String written = WireJson.text(record);

        // Then
        assertEquals(line, written);
        assertEquals(record, WireJson.read(line, record.getClass()));
    }

    @Test
    void everyKindHasALine() throws IOException {
        // Given
        Set<Class<?>> kinds = Stream.of(RunReport.class, RunAssignment.class)
                .flatMap(type -> Stream.of(type.getPermittedSubclasses())).collect(Collectors.toSet());

        // When
        Set<Class<?>> told = RECORDS.stream().map(Object::getClass).collect(Collectors.toSet());

        // Then
        assertEquals(kinds, told);
        assertEquals(RECORDS.size(), lines().size());
    }
}
