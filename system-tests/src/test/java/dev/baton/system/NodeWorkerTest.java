package dev.baton.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.OnBroker;
import dev.baton.system.support.OnBroker.BrokerKind;
import dev.baton.system.support.Patience;
import dev.baton.system.support.Turn;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * The worker of docs/WORKERS.md in plain Node is a whole worker. Without Node it is skipped and says so; where {@code
 * BATON_INTEROP_REQUIRED} is {@code true} a skip is a failure.
 */
@OnBroker(BrokerKind.EMBEDDED)
class NodeWorkerTest {
    private static final Path WORKER = Path.of("..", "docs", "examples", "worker.mjs").toAbsolutePath().normalize();
    private static final Path LOGS = Path.of("target", "node-worker").toAbsolutePath();

    private static Process start(BatonClient baton, String task) throws IOException {
        Files.createDirectories(LOGS);
        ProcessBuilder builder = new ProcessBuilder("node", WORKER.toString()).redirectErrorStream(true)
                .redirectOutput(LOGS.resolve(task + ".log").toFile());
        builder.environment().put("BATON_URL", baton.url().toString());
        builder.environment().put("BATON_SECRET_KEY", BatonClient.SECRET_KEY);
        builder.environment().put("BATON_TASK", task);
        try {
            return builder.start();
        } catch (IOException e) {
            String skipped = "no node found (" + e.getMessage() + "), so the worker in plain Node did not run";
            if (Boolean.parseBoolean(System.getenv("BATON_INTEROP_REQUIRED"))) {
                fail("expected it to run, because BATON_INTEROP_REQUIRED is set, but: " + skipped);
            }
            System.out.println("SKIPPED: " + skipped);
            return Assumptions.abort(skipped);
        }
    }

    private static Chat startChat(BatonClient baton, String task) {
        String chatId = Chat.newChatId();
        return Chat.start(baton, chatId, Chat.createBody(chatId, "one").put("taskIdentifier", task));
    }

    @Test
    void itAnswersAConversationGoesOnAfterAnotherWorkerWasKilledAndSettlesEverything(BatonClient baton)
            throws IOException, InterruptedException {
        // Given
        String task = "node-" + UUID.randomUUID();
        Process first = start(baton, task);
        Chat chat;
        try {
            chat = startChat(baton, task);
            chat.turns(1);
            chat.append("two");
            chat.turns(2);
        } finally {
            first.destroyForcibly().waitFor();
        }
        Process second = start(baton, task);

        // When
        List<Turn> turns;
        try {
            chat.append("three");
            turns = chat.turns(3);
            await().atMost(Patience.TURN).until(() -> "completed".equals(newestRun(chat).path("outcome").asText()));
        } finally {
            second.destroyForcibly().waitFor();
        }

        // Then
        assertEquals(List.of("Node says: one", "Node says: two", "Node says: three"),
                turns.stream().map(Turn::text).toList());
        List<JsonNode> runs = chat.runs();
        assertEquals(List.of("completed", "crashed"), runs.stream().map(run -> run.path("outcome").asText()).toList());
        assertEquals(List.of(1, 2), runs.stream().map(run -> run.path("turnsServed").asInt()).toList());
    }

    @Test
    void itStopsACancelledRunAndServesTheNextMessage(BatonClient baton) throws IOException, InterruptedException {
        // Given
        String task = "node-" + UUID.randomUUID();
        Process worker = start(baton, task);
        try {
            Chat chat = startChat(baton, task);
            chat.turns(1);
            // Before the session knows of it, the turn counts as open and the next run would be given its message again.
            await().atMost(Patience.TURN).until(() -> newestRun(chat).path("turnsServed").asInt() == 1);

            // When
            baton.post("/api/v1/runs/" + chat.firstRunId() + "/cancel", "");

            // Then its heartbeat told it, long before it would have been idle
            await().atMost(Patience.SOON).until(() -> said(task).contains(chat.firstRunId() + " cancelled"));
            chat.append("two");
            assertEquals("Node says: two", chat.turns(2).getLast().text());
        } finally {
            worker.destroyForcibly().waitFor();
        }
    }

    @Test
    void itFinishesItsRunsAndLeavesWhenAnotherVersionIsCurrent(BatonClient baton)
            throws IOException, InterruptedException {
        // Given
        String task = "node-" + UUID.randomUUID();
        Process worker = start(baton, task);
        try {
            Chat chat = startChat(baton, task);
            chat.turns(1);

            // When
            baton.post("/api/v1/workers/register",
                    "{\"workerId\":\"w-2\",\"task\":\"" + task + "\",\"version\":\"2\",\"capacity\":1}");
            chat.append("two");

            // Then
            assertEquals("Node says: two", chat.turns(2).getLast().text());
            await().atMost(Patience.TURN).until(() -> !worker.isAlive());
            assertEquals(0, worker.exitValue());
            assertEquals(List.of("completed"),
                    chat.runs().stream().map(run -> run.path("outcome").asText()).toList());
        } finally {
            worker.destroyForcibly().waitFor();
        }
    }

    private static String said(String task) throws IOException {
        return Files.readString(LOGS.resolve(task + ".log"));
    }

    private static JsonNode newestRun(Chat chat) {
        return chat.runs().getFirst();
    }
}
