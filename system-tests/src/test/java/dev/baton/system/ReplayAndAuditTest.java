package dev.baton.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.system.support.Chat;
import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.Turn;
import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.EndpointsFile;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionKey;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code ./baton replay} and {@code ./baton audit} beside a running standalone: they are told nothing but its data folder.
 * What a test spoils it mends, because an audit looks at everything.
 */
class ReplayAndAuditTest {
    private static final String REPLAY = "dev.baton.audit.ReplayMain";
    private static final String AUDIT = "dev.baton.audit.AuditMain";
    private static final int CANNOT_RUN = 1;
    private static final int USAGE = 2;
    private static final int FINDINGS = 3;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static StandaloneProcess standalone;
    /** Three turns by three runs: the second was requested by an upgrade, the third continues after an exit. */
    private static Chat handedOver;
    private static List<Turn> turns;
    /** The snapshot object after the first turn. */
    private static byte[] afterFirstTurn;

    /** What a command has said. */
    private record Said(int status, List<String> lines, List<String> errors) {
        private List<JsonNode> ofType(String type) {
            return lines.stream().map(WireJson::readTree).filter(line -> line.path("type").asText().equals(type))
                    .toList();
        }

        private List<String> findings() {
            return ofType("finding").stream()
                    .map(finding -> finding.path("kind").asText() + " " + finding.path("session").asText()).toList();
        }
    }

    @BeforeAll
    static void haveConversations() throws IOException {
        standalone = StandaloneProcess.start(new EmbeddedBroker());
        handedOver = Chat.startWith(standalone.client(), "one");
        handedOver.turns(1);
        awaitSnapshot(handedOver, 1);
        afterFirstTurn = Files.readAllBytes(object(handedOver));
        handedOver.append("/upgrade");
        handedOver.turns(2);
        handedOver.append("/exit");
        handedOver.turns(3);
        handedOver.append("four");
        turns = handedOver.turns(4);
        awaitSnapshot(handedOver, 4);
        Chat crashed = Chat.startWith(standalone.client(), "/crash");
        crashed.turns(1);
        Chat.startEmpty(standalone.client());
    }

    @AfterAll
    static void stop() {
        if (standalone != null) {
            standalone.close();
        }
    }

    @Test
    @DisplayName("replay tells people the conversation and its owners")
    void replayForPeople() {
        // When
        Said said = run(REPLAY, "--session", handedOver.chatId());

        // Then
        String text = String.join("\n", said.lines());
        assertEquals(0, said.status(), said::toString);
        assertTrue(text.contains("session " + handedOver.sessionId()), text);
        assertTrue(text.contains("run 2 requested  upgrade") && text.contains("run 3 requested  continuation"), text);
        turns.forEach(turn -> assertTrue(text.contains(turn.text()), text));
        assertEquals(List.of(), said.errors());
    }

    @Test
    @DisplayName("replay as one document has the messages of the snapshot, found by friendly id or by chat id")
    void replayAsADocument() throws IOException {
        // Given
        JsonNode snapshot = WireJson.readTree(Files.readString(object(handedOver)));

        // When
        Said byId = run(REPLAY, "--session", handedOver.sessionId(), "--format", "json");
        Said byChatId = run(REPLAY, "--session", handedOver.chatId(), "--environment", "env_dev", "--format", "json");

        // Then
        JsonNode document = WireJson.readTree(String.join("\n", byId.lines()));
        assertEquals(snapshot.path("messages"), document.path("messages"));
        assertEquals("fully", document.path("checked").asText());
        assertEquals(byId.lines(), byChatId.lines());
    }

    @Test
    @DisplayName("replay as lines, up to a seq: the turn that ends there is the last thing told")
    void replayAsLines() {
        // Given
        long end = turns.get(1).last().seq();

        // When
        Said said = run(REPLAY, "--session", handedOver.chatId(), "--format", "ndjson", "--until", Long.toString(end));

        // Then
        assertEquals(List.of("initial", "upgrade"),
                said.ofType("run-requested").stream().map(run -> run.path("reason").asText()).toList());
        assertEquals(end, said.ofType("turn-complete").getLast().path("outSeq").asLong());
        assertEquals(4, said.ofType("message").size());
        assertEquals("session", WireJson.readTree(said.lines().getFirst()).path("type").asText());
    }

    @Test
    @DisplayName("audit of a healthy Baton tells runs, turns and sessions, and finds nothing")
    void auditFindsNothing() {
        // When
        Said said = run(AUDIT);

        // Then
        assertEquals(0, said.status(), said::toString);
        assertEquals(List.of(), said.findings());
        assertEquals(List.of("initial", "upgrade", "continuation"),
                said.ofType("run").stream().filter(ReplayAndAuditTest::isHandedOver)
                        .map(run -> run.path("reason").asText()).toList());
        assertEquals(turns.stream().map(turn -> turn.last().seq()).toList(),
                said.ofType("turn").stream().filter(ReplayAndAuditTest::isHandedOver)
                        .map(turn -> turn.path("outSeq").asLong()).toList());
        JsonNode session = said.ofType("session").stream().filter(ReplayAndAuditTest::isHandedOver).findFirst()
                .orElseThrow();
        assertEquals("same", session.path("snapshot").asText());
        assertEquals("fully", session.path("checked").asText());
        assertEquals(said.ofType("session").size(), said.ofType("summary").getFirst().path("sessions").asInt());
    }

    @Test
    @DisplayName("audit beside an answer that is being written finds nothing")
    void auditOfALiveSystemFindsNothing() {
        // Given
        Chat busy = Chat.startWith(standalone.client(), "one");
        busy.append("/slow 200");
        try (SseConnection out = busy.out()) {
            out.awaitRecords("the middle of an answer", Patience.TURN, all -> all.size() > 40);

            // When
            Said said = run(AUDIT);

            // Then
            assertEquals(List.of(), said.findings());
            assertEquals(0, said.status(), said::toString);
            out.awaitTurns(2, Patience.TURN);
        }
    }

    @Test
    @DisplayName("a turn-complete that a superseded run writes behind the fence is a fact, and no finding")
    void aVoidTurnIsAFact() {
        // Given
        Chat chat = Chat.startWith(standalone.client(), "/exit");
        chat.turns(1);
        chat.append("two");
        chat.turns(2);
        writeVoidTurn(chat);

        // When
        Said said = run(AUDIT);

        // Then
        assertEquals(0, said.status(), said::toString);
        List<Boolean> shown = said.ofType("turn").stream()
                .filter(turn -> turn.path("chatId").asText().equals(chat.chatId()))
                .map(turn -> turn.path("shown").asBoolean()).toList();
        assertEquals(List.of(true, true, false), shown);
        assertEquals(1, said.ofType("summary").getFirst().path("voidRecords").asLong());
    }

    @Test
    @DisplayName("audit finds a snapshot that somebody has deleted")
    void aDeletedSnapshotIsFound() throws IOException {
        // Given
        Path object = object(handedOver);
        Path aside = object.resolveSibling("aside");
        Files.move(object, aside);
        try {
            // When
            Said said = run(AUDIT, "--patience", "1");

            // Then
            assertFound("snapshot-missing", said);
            assertEquals(turns.getLast().last().seq(),
                    said.ofType("finding").getFirst().path("settledOutSeq").asLong());
        } finally {
            Files.move(aside, object);
        }
    }

    @Test
    @DisplayName("audit finds a snapshot that was cut off")
    void aTruncatedSnapshotIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(object(handedOver));
        assertFoundAfterWriting(Arrays.copyOf(whole, whole.length / 2), "snapshot-broken");
    }

    @Test
    @DisplayName("audit finds a snapshot that was put back to an earlier turn")
    void anOlderSnapshotIsFound() throws IOException {
        assertFoundAfterWriting(afterFirstTurn, "snapshot-older");
    }

    @Test
    @DisplayName("audit finds a snapshot that tells another conversation")
    void aForgedSnapshotIsFound() throws IOException {
        String forged = Files.readString(object(handedOver)).replace("You said: one", "You said: won");
        assertFoundAfterWriting(forged.getBytes(StandardCharsets.UTF_8), "snapshot-differs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted", "cut off", "put back to an earlier turn"})
    @DisplayName("issue 5: the next run has the whole history after a snapshot was spoiled, and stores it again")
    void aSpoiledSnapshotCostsNoHistory(String how) throws IOException {
        // Given
        Chat chat = Chat.startWith(standalone.client(), "one");
        awaitSnapshot(chat, 1);
        byte[] earlier = Files.readAllBytes(object(chat));
        chat.append("/exit");
        awaitSnapshot(chat, 2);
        byte[] whole = Files.readAllBytes(object(chat));
        switch (how) {
            case "deleted" -> Files.delete(object(chat));
            case "cut off" -> Files.write(object(chat), Arrays.copyOf(whole, whole.length / 2));
            default -> Files.write(object(chat), earlier);
        }

        // When
        chat.append("three");
        Turn answer = chat.turns(3).getLast();

        // Then
        assertEquals(3, answer.messagesSeen());
        awaitSnapshot(chat, 3);
        JsonNode told = standalone.client().get(chat.sessionPath("/transcript")).expect(200).json().path("messages");
        assertEquals(WireJson.readTree(Files.readString(object(chat))).path("messages"), told);
        assertEquals(6, told.size());
    }

    @Test
    @DisplayName("PROTOCOL 2.25: of a deleted session an audit finds nothing, unless something is left, and a replay tells what the topics hold")
    void aDeletedSessionIsAReceipt() throws IOException {
        // Given
        Chat chat = Chat.startWith(standalone.client(), "forget me");
        awaitSnapshot(chat, 1);
        byte[] snapshot = Files.readAllBytes(object(chat));
        standalone.client().send("DELETE", chat.sessionPath(""), BodyPublishers.noBody()).expect(200);
        await().atMost(Patience.SOON).until(() -> !Files.exists(object(chat)));

        // When
        Said clean = run(AUDIT);
        Said replayed = run(REPLAY, "--session", chat.chatId());
        Files.createDirectories(object(chat).getParent());
        Files.write(object(chat), snapshot);
        Said leftOver = run(AUDIT, "--patience", "1");
        Files.delete(object(chat));

        // Then
        assertEquals(0, clean.status(), clean::toString);
        JsonNode session = clean.ofType("session").stream()
                .filter(line -> line.path("chatId").asText().equals(chat.chatId())).findFirst().orElseThrow();
        assertEquals("deleted", session.path("snapshot").asText());
        assertTrue(session.path("deletedAt").asLong() > 0);
        assertTrue(clean.ofType("run").stream().noneMatch(run -> run.path("chatId").asText().equals(chat.chatId())));
        String text = String.join("\n", replayed.lines());
        assertTrue(text.contains("session deleted") && text.contains("forget me"), text);
        assertEquals(List.of("snapshot-after-deletion " + chat.sessionId()), leftOver.findings());
        assertEquals(FINDINGS, leftOver.status());
    }

    @Test
    @DisplayName("a conversation whose beginning has left the topics is checked partly, and nothing is found")
    void retentionIsNoFinding() throws Exception {
        try (StandaloneProcess other = StandaloneProcess.start(new EmbeddedBroker())) {
            // Given
            Chat chat = Chat.startWith(other.client(), "one");
            chat.append("two");
            long second = chat.turns(2).getLast().last().seq();
            await().atMost(Patience.TURN)
                    .until(() -> command(AUDIT, List.of("--data", other.data().toString()), Map.of())
                            .ofType("session").getFirst().path("unsettledTurns").asInt(-1) == 0);
            forgetEverything(other);
            chat.append("/exit");
            try (SseConnection out = chat.out(second)) {
                out.awaitTurns(1, Patience.TURN);
            }

            // When
            Said audit = command(AUDIT, List.of("--data", other.data().toString()), Map.of());
            Said replay = command(REPLAY, List.of("--session", chat.chatId(), "--format", "json", "--data",
                    other.data().toString()), Map.of());

            // Then
            assertEquals(0, audit.status(), audit::toString);
            JsonNode session = audit.ofType("session").getFirst();
            assertEquals("partly", session.path("checked").asText());
            assertEquals("retention", session.path("notChecked").path(0).asText());
            assertEquals("partly", WireJson.readTree(String.join("\n", replay.lines())).path("checked").asText());
        }
    }

    @Test
    @DisplayName("a window without anything in it: no session, no finding")
    void aWindowChooses() {
        // When
        Said said = run(AUDIT, "--from", "2001-01-01T00:00:00Z", "--to", "2001-01-02T00:00:00Z");

        // Then
        assertEquals(0, said.status(), said::toString);
        assertEquals(0, said.ofType("summary").getFirst().path("sessions").asInt());
        assertEquals(1, said.lines().size());
    }

    @Test
    @DisplayName("wrong usage is status 2, what cannot run is status 1, each with one line that says what was expected")
    void badInputIsRefused() {
        assertRefused(USAGE, "--session", run(REPLAY));
        assertRefused(USAGE, "text, json or ndjson", run(REPLAY, "--session", "x", "--format", "xml"));
        assertRefused(USAGE, "ISO date-time", run(AUDIT, "--from", "yesterday"));
        assertRefused(USAGE, "--from before --to", run(AUDIT, "--from", "2000", "--to", "1000"));
        assertRefused(USAGE, "--patience", run(AUDIT, "--patience", "-1"));
        assertRefused(CANNOT_RUN, "'no-such-chat'", run(REPLAY, "--session", "no-such-chat"));
        assertRefused(CANNOT_RUN, EndpointsFile.NAME,
                command(AUDIT, List.of("--data", StandaloneProcess.newFolder().toString()), Map.of()));
        assertRefused(CANNOT_RUN, "127.0.0.1:1",
                command(REPLAY, List.of("--session", "x"), Map.of("BATON_KAFKA_BOOTSTRAP", "127.0.0.1:1")));
    }

    private static void assertFoundAfterWriting(byte[] content, String kind) throws IOException {
        // Given: written in place, so that the object keeps the mark of its writer
        Path object = object(handedOver);
        byte[] whole = Files.readAllBytes(object);
        Files.write(object, content);
        try {
            // When
            Said said = run(AUDIT, "--patience", "1");

            // Then
            assertFound(kind, said);
        } finally {
            Files.write(object, whole);
        }
    }

    private static void assertFound(String kind, Said said) {
        assertEquals(List.of(kind + " " + handedOver.sessionId()), said.findings());
        assertEquals(FINDINGS, said.status(), said::toString);
        JsonNode finding = said.ofType("finding").getFirst();
        assertTrue(finding.hasNonNull("expected") && finding.hasNonNull("actual"), finding::toString);
    }

    private static void assertRefused(int status, String named, Said said) {
        assertEquals(status, said.status(), said::toString);
        assertEquals(1, said.errors().size(), said::toString);
        assertTrue(said.errors().getFirst().contains(named), said::toString);
        assertEquals(List.of(), said.lines());
    }

    private static boolean isHandedOver(JsonNode line) {
        return line.path("session").asText().equals(handedOver.sessionId());
    }

    /** What an ingress would refuse that knows of the hand-over; one with an old view might let it pass. */
    private static void writeVoidTurn(Chat chat) {
        Settings settings = EndpointsFile.read(standalone.data(), Settings.of(Map.of()));
        ChannelRecord turn = ChannelRecord.control(ChannelRecord.TURN_COMPLETE,
                new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, "0"));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(KafkaConfigs.producer(settings))) {
            producer.send(ChannelRecordCodec.outRecord(new SessionKey("env_dev", chat.chatId()), turn,
                    new Writer(1, chat.firstRunId())));
        }
    }

    /** As retention does it in the end. */
    private static void forgetEverything(StandaloneProcess of) throws Exception {
        Settings settings = EndpointsFile.read(of.data(), Settings.of(Map.of()));
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int partition = 0; partition < settings.number(Setting.PARTITIONS); partition++) {
            // −1: up to the end as it is now.
            all.put(new TopicPartition(Names.SESSION_IN_TOPIC, partition), RecordsToDelete.beforeOffset(-1));
            all.put(new TopicPartition(Names.SESSION_OUT_TOPIC, partition), RecordsToDelete.beforeOffset(-1));
        }
        try (Admin admin = Admin.create(KafkaConfigs.admin(settings))) {
            admin.deleteRecords(all).all().get();
        }
    }

    private static Said run(String mainClass, String... arguments) {
        return command(mainClass,
                Stream.concat(Stream.of(arguments), Stream.of("--data", standalone.data().toString())).toList(),
                Map.of());
    }

    /** Progress lines are no errors. */
    private static Said command(String mainClass, List<String> arguments, Map<String, String> environment) {
        Path log = standalone.log().resolveSibling("command-" + COUNT.incrementAndGet() + ".log");
        try (ChildJvm child = ChildJvm.start(mainClass, arguments, environment, log)) {
            int status = child.awaitExit(Patience.REFUSAL);
            List<String> errors = child.standardError().stream().filter(line -> !line.isBlank())
                    .filter(line -> !line.startsWith("baton audit: reading ")).toList();
            return new Said(status, child.standardOutput(), errors);
        }
    }

    private static Path object(Chat chat) {
        return standalone.data().resolve(
                "objects/baton/packets/proj_local/dev/sessions/" + chat.sessionId() + "/snapshot.json");
    }

    /** Until the object on disk is that of so many turns. */
    private static void awaitSnapshot(Chat chat, int count) {
        String last = Long.toString(chat.turns(count).getLast().last().seq());
        await().atMost(Patience.TURN).until(() -> Files.exists(object(chat)) && read(object(chat)).contains(
                "\"lastOutEventId\":\"" + last + "\""));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
