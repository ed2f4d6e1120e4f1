package dev.baton.system;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.ProbeWorker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Deleting a session: what goes, what stays (PROTOCOL 2.25, issue 5 item 6). */
abstract class DeleteContract {
    private static final List<String> READS = List.of("", "/runs", "/snapshot-url", "/transcript", "/boot");

    @Test
    @DisplayName("PROTOCOL 2.25: a deleted session leaves a receipt, by both of its ids and again and again")
    void aDeletionLeavesAReceipt(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "remember me");
        chat.turns(1);
        String id = chat.retrieve().path("id").asText();

        // When
        JsonNode receipt = delete(baton, chat.chatId()).expect(200).json();

        // Then
        assertEquals(List.of("id", "externalId", "createdAt", "closedAt", "deletedAt"),
                receipt.properties().stream().map(field -> field.getKey()).toList());
        assertEquals(id, receipt.path("id").asText());
        assertEquals(chat.chatId(), receipt.path("externalId").asText());
        assertEquals(receipt, delete(baton, chat.chatId()).expect(200).json());
        assertEquals(receipt, delete(baton, id).expect(200).json());
    }

    @Test
    @DisplayName("PROTOCOL 2.25: nothing of a deleted session is served any more, and its externalId stays taken")
    void nothingIsServedAnyMore(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "remember me");
        chat.turns(1);
        String id = chat.retrieve().path("id").asText();
        String run = chat.retrieve().path("currentRunId").asText();

        // When
        delete(baton, id).expect(200);

        // Then
        for (String session : List.of(id, chat.chatId())) {
            READS.forEach(suffix -> baton.get(BatonClient.session(session, suffix)).expect(404));
            for (String io : List.of("in", "out")) {
                baton.get(BatonClient.channel(session, io, "")).expect(404);
                baton.get(BatonClient.channel(session, io, "/records")).expect(404);
                baton.post(BatonClient.channel(session, io, "/append"), "more").expect(404);
                baton.put(BatonClient.channel(session, io, "")).expect(404);
            }
            baton.post(BatonClient.session(session, "/close"), "{}").expect(404);
            baton.send("PATCH", BatonClient.session(session, ""),
                    BodyPublishers.ofString("{\"tags\":[\"x\"]}")).expect(404);
        }
        baton.get("/api/v1/runs/" + run).expect(404);
        String listed = baton.get("/api/v1/sessions?filter%5BexternalId%5D=" + BatonClient.encode(chat.chatId()))
                .expect(200).json().path("data").toString();
        assertEquals("[]", listed);
        HttpAnswer again = baton.post("/api/v1/sessions", Chat.createBody(chat.chatId(), "again").toString());
        assertTrue(again.expect(409).body().contains("was deleted"), again.body());
        assertEquals("false", again.header("x-should-retry").orElse(""));
    }

    @Test
    @DisplayName("PROTOCOL 2.25: the snapshot of a deleted session goes, and a URL that was handed out finds nothing")
    void theSnapshotGoes(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "remember me");
        chat.turns(1);
        String url = baton.get(chat.sessionPath("/snapshot-url")).expect(200).json().path("presignedUrl").asText();
        await().atMost(Patience.TURN).until(() -> BatonClient.fetch("GET", url, null).status() == 200);

        // When
        delete(baton, chat.chatId()).expect(200);

        // Then
        await().atMost(Patience.SOON).until(() -> BatonClient.fetch("GET", url, null).status() == 404);
    }

    @Test
    @DisplayName("PROTOCOL 2.25: a run that is alive loses the session and is told to stop")
    void aLiveRunLosesTheSession(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode run = worker.take();
        worker.start(run).expect(200);
        BatonClient asRun = baton.as(run.path("runToken").asText());
        asRun.post(chat.channelPath("out", "/append"), "while it is alive").expect(200);

        // When
        delete(baton, chat.chatId()).expect(200);

        // Then
        int status = asRun.post(chat.channelPath("out", "/append"), "too late").status();
        assertTrue(status == 404 || status == 409, "refused, but was " + status);
        await().atMost(Patience.SOON).until(() -> worker.heartbeat(List.of(run.path("runId").asText()))
                .expect(200).json().path("cancel").toString().contains(run.path("runId").asText()));
    }

    @Test
    @DisplayName("PROTOCOL 2.25: a token for direct writes that was handed out before writes nothing to a deleted session")
    void aDirectWriteIsRefused(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        HttpAnswer granted = baton.put(chat.channelPath("out", "")).expect(202);
        BatonClient writer = baton.as(granted.header("X-S2-Access-Token").orElseThrow());
        String records = "/s2/v1/streams/" + BatonClient.encode(granted.header("X-S2-Stream-Name").orElseThrow())
                + "/records";
        String batch = "{\"records\":[{\"body\":\"x\"}]}";
        writer.post(records, batch).expect(200);

        // When
        delete(baton, chat.chatId()).expect(200);

        // Then
        assertEquals("session_deleted", writer.post(records, batch).expect(404).json().path("code").asText());
    }

    @Test
    @DisplayName("PROTOCOL 2.25: it needs admin of the session, and there must be one")
    void itNeedsAdmin(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "remember me");
        BatonClient reader = baton.as(minted(baton, "write:sessions:" + chat.chatId()));
        BatonClient stranger = baton.as(minted(baton, "admin:sessions:" + Chat.newChatId()));
        BatonClient admin = baton.as(minted(baton, "admin:sessions:" + chat.chatId()));

        // When, Then
        delete(baton.as(null), chat.chatId()).expect(401);
        delete(reader, chat.chatId()).expect(403);
        delete(stranger, chat.chatId()).expect(403);
        delete(baton, Chat.newChatId()).expect(404);
        assertFalse(chat.retrieve().path("id").asText().isEmpty());
        delete(admin, chat.chatId()).expect(200);
    }

    private static HttpAnswer delete(BatonClient baton, String session) {
        return baton.send("DELETE", BatonClient.session(session, ""), BodyPublishers.noBody());
    }

    private static String minted(BatonClient baton, String scope) {
        return baton.post("/api/v1/auth/public-tokens", "{\"scopes\":[\"" + scope + "\"]}").expect(200).json()
                .path("token").asText();
    }
}
