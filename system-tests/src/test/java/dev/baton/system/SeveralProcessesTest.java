package dev.baton.system;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.cluster.Deployment;
import dev.baton.system.cluster.ServiceProcess;
import dev.baton.system.cluster.ServiceProcess.Service;
import dev.baton.system.cluster.StormReport;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.Race;
import dev.baton.system.support.SseConnection;
import dev.baton.wire.service.Setting;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Two processes of each service on three brokers (issue, Ownership, item 5; design D1, D7; features #343): partitions move,
 * what was acknowledged stays, and whoever asks meanwhile gets an answer that says when to ask again.
 */
class SeveralProcessesTest {
    /** Enough for every partition to have some. */
    private static final int CHATS = 12;
    private static final int PARTITIONS = Integer.parseInt(Setting.PARTITIONS.defaultText());
    /** Shorter than a takeover after a crash, so that the retryable answer is seen. */
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(3);

    /** A longer run: {@code -Dbaton.snapshotter.kills=50}. */
    private static final int SNAPSHOTTER_KILLS = Integer.getInteger("baton.snapshotter.kills", 4);
    /** Part ids of appends of this test begin with it. */
    private static final String PART = "part-";

    private static Deployment deployment;
    private static BatonClient baton;

    @BeforeAll
    static void start() {
        deployment = Deployment.start(Map.of(Setting.REPLY_TIMEOUT_MS.key(), Long.toString(REPLY_TIMEOUT.toMillis())));
        baton = deployment.client();
    }

    @AfterAll
    static void stop() {
        if (deployment != null) {
            deployment.close();
        }
    }

    @Test
    @DisplayName("issue, Ownership, Proof: every topic, changelogs too, has three replicas, and two must have a record")
    void everyTopicIsReplicated() throws Exception {
        // When
        Map<String, String> minInSync = deployment.minInSyncReplicas();

        // Then
        assertTrue(minInSync.keySet().stream().anyMatch(topic -> topic.endsWith("-changelog")), minInSync.toString());
        minInSync.forEach((topic, least) -> assertEquals("2", least, topic));
    }

    @Test
    @DisplayName("issue, Ownership, item 5: each of two processes keeps the stores of all partitions, its own and copies")
    void eachProcessKeepsAllStores() {
        for (Service service : List.of(Service.PROCESSOR, Service.ORCHESTRATOR)) {
            for (ServiceProcess process : deployment.of(service)) {
                await(process.name() + " has all stores").atMost(Patience.TAKEOVER)
                        .until(() -> process.storedTasks() == PARTITIONS);
            }
        }
    }

    @Test
    @DisplayName("issue, Ownership, item 5: a processor that is stopped leaves the group, and the other one goes on with its sessions")
    void aProcessorThatIsStoppedHandsItsSessionsOver() {
        // Given
        List<Chat> chats = chats();
        ServiceProcess stopped = deployment.of(Service.PROCESSOR).getFirst();

        // When
        stopped.stop();

        // Then
        Duration took = appendToAll(chats, "two");
        assertTrue(took.compareTo(Patience.SOON) < 0, "without waiting for a time-out, but took " + took);
        assertAllAnswered(chats, 2);

        // When: it comes back
        stopped.start();

        // Then
        appendToAll(chats, "three");
        assertAllAnswered(chats, 3);
    }

    @Test
    @DisplayName("issue, Ownership, item 5: when a processor is killed the other one takes its sessions over, with their state")
    void aKilledProcessorIsReplaced() {
        // Given
        List<Chat> chats = chats();
        ServiceProcess killed = deployment.of(Service.PROCESSOR).getLast();

        // When
        killed.process().kill();

        // Then
        appendToAll(chats, "two");
        assertAllAnswered(chats, 2);
        killed.start();
        appendToAll(chats, "three");
        assertAllAnswered(chats, 3);
    }

    @Test
    @DisplayName("issue, Ownership, item 5: when an orchestrator is killed its runs go on, and the other one gives out what comes")
    void aKilledOrchestratorIsReplaced() {
        // Given
        List<Chat> chats = chats();
        ServiceProcess killed = deployment.of(Service.ORCHESTRATOR).getFirst();

        // When
        killed.process().kill();

        // Then
        appendToAll(chats, "/upgrade two");
        assertAllAnswered(chats, 2);
        killed.start();
        appendToAll(chats, "/exit three");
        appendToAll(chats, "four");
        assertAllAnswered(chats, 4);
    }

    @Test
    @DisplayName("issue, Ownership, item 5: an open stream gets the answer while processor and orchestrator are replaced")
    void anOpenStreamGoesOn() {
        // Given
        Chat chat = startUntilTaken("one");
        ServiceProcess processor = deployment.of(Service.PROCESSOR).getFirst();
        ServiceProcess orchestrator = deployment.of(Service.ORCHESTRATOR).getFirst();
        try (SseConnection out = chat.out()) {
            out.awaitTurns(1, Patience.TURN);

            // When
            processor.process().kill();
            orchestrator.process().kill();
            appendUntilTaken(chat, "two");

            // Then
            out.awaitTurns(2, Patience.TURN);
            assertEquals(2, chat.turns(2).getLast().messagesSeen());
        }
        processor.start();
        orchestrator.start();
    }

    @Test
    @DisplayName("issue, Ownership, item 5: a snapshotter that is killed is replaced, and boots find the whole history")
    void aKilledSnapshotterIsReplaced() {
        // Given
        List<Chat> chats = chats();
        ServiceProcess killed = deployment.of(Service.SNAPSHOTTER).getFirst();

        // When
        killed.process().kill();
        appendToAll(chats, "/exit two");
        appendToAll(chats, "three");

        // Then
        assertAllAnswered(chats, 3);
        chats.forEach(chat -> await("settled: " + chat.chatId()).atMost(Patience.TAKEOVER).until(() -> settled(chat)));
        killed.start();
    }

    @Test
    @DisplayName("issue, History: snapshotters that are killed again and again under load leave snapshots that are the fold of the "
            + "topics")
    void snapshotsAreRightAfterManyKills() {
        // Given
        List<Chat> chats = chats();
        List<ServiceProcess> snapshotters = deployment.of(Service.SNAPSHOTTER);

        // When
        for (int n = 0; n < SNAPSHOTTER_KILLS; n++) {
            ServiceProcess killed = snapshotters.get(n % snapshotters.size());
            appendToAll(chats, "before kill " + n);
            killed.process().kill();
            appendToAll(chats, "after kill " + n);
            killed.start();
        }

        // Then
        assertAllAnswered(chats, 1 + 2 * SNAPSHOTTER_KILLS);
        chats.forEach(chat -> await("a snapshot of everything: " + chat.chatId()).atMost(Patience.TAKEOVER)
                .until(() -> snapshotHoldsEverything(chat)));
        deployment.assertAuditFindsNothing();
    }

    private static boolean snapshotHoldsEverything(Chat chat) {
        JsonNode boot = baton.get(chat.sessionPath("/boot")).expect(200).json();
        return boot.path("snapshot").isObject() && boot.path("out").isEmpty() && boot.path("in").isEmpty();
    }

    @Test
    @DisplayName("issue, Ownership, Proof: members of everything killed and stopped at random under load: nothing acknowledged is "
            + "lost or doubled, every message is answered once, nothing of a fenced run is shown")
    void nothingIsLostInAStorm() {
        System.out.println(StormReport.of(deployment));
        deployment.assertAuditFindsNothing();
    }

    private static List<Chat> chats() {
        List<Chat> chats = Race.each(CHATS, _ -> startUntilTaken("one"));
        assertAllAnswered(chats, 1);
        return chats;
    }

    /** A test before this one may have left a rebalance behind. */
    private static Chat startUntilTaken(String text) {
        String chatId = Chat.newChatId();
        String body = Chat.createBody(chatId, text).toString();
        HttpAnswer created = await("created: " + chatId).atMost(Patience.TAKEOVER).until(
                () -> inTime(() -> baton.post("/api/v1/sessions", body)),
                answer -> answer.status() == 201 || answer.status() == 200 || isComeBack(answer));
        return new Chat(baton, chatId, created.json());
    }

    /** How long it took until all were acknowledged. */
    private static Duration appendToAll(List<Chat> chats, String text) {
        long startedAt = System.nanoTime();
        Race.each(chats.size(), n -> appendUntilTaken(chats.get(n), text));
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /** One record, however often it takes; every other answer says when to come back, and comes in time. */
    private static HttpAnswer appendUntilTaken(Chat chat, String text) {
        String part = PART + text + "-" + chat.chatId();
        String body = Chat.messageBody(chat.chatId(), text);
        Callable<HttpAnswer> append = () -> inTime(() -> baton.post(chat.channelPath("in", "/append"), body,
                "X-Part-Id", part));
        return await("taken: " + chat.chatId()).atMost(Patience.TAKEOVER).until(append,
                answer -> answer.status() == 200 || isComeBack(answer));
    }

    private static HttpAnswer inTime(Callable<HttpAnswer> call) throws Exception {
        long startedAt = System.nanoTime();
        HttpAnswer answer = call.call();
        Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
        assertTrue(took.compareTo(REPLY_TIMEOUT.plus(Patience.SOON)) < 0, answer + " took " + took);
        return answer;
    }

    /** False, so that the caller asks again; an error that is not one to come back from is a failure. */
    private static boolean isComeBack(HttpAnswer answer) {
        assertEquals(503, answer.status(), answer.toString());
        assertEquals("1", answer.header("Retry-After").orElse("none"), answer.toString());
        return false;
    }

    private static void assertAllAnswered(List<Chat> chats, int messages) {
        Race.each(chats.size(), n -> chats.get(n).turns(messages))
                .forEach(turns -> assertEquals(messages, turns.getLast().messagesSeen()));
        for (Chat chat : chats) {
            assertEquals(messages - 1, recordsOfAppends(chat), "one record for each append: " + chat.chatId());
            HandOverContract.assertChained(chat);
        }
    }

    /** Without the first message, which stands on `.in` when the first run was lost before it had settled it. */
    private static long recordsOfAppends(Chat chat) {
        return chat.recordsNow("in").valueStream().filter(record -> record.path("id").asText().startsWith(PART))
                .count();
    }

    private static boolean settled(Chat chat) {
        return baton.get(chat.channelPath("out", ""), "X-Peek-Settled", "1", "Timeout-Seconds", "1")
                .header("X-Session-Settled").filter("true"::equals).isPresent();
    }
}
