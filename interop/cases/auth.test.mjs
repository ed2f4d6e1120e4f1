import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";

import { accessToken, auth, chat, newChatId, sessions, startChat, submit } from "../lib/chats.mjs";
import { inRecords } from "../lib/records.mjs";
import { secretKey, url } from "../lib/target.mjs";

const TASK = `interop-unserved-${randomUUID()}`;

describe("tokens", () => {
    test("auth.createPublicToken opens its own session under both ids, and no other", async (t) => {
        const mine = await startChat(t, TASK);
        const other = await startChat(t, TASK);
        const token = await accessToken(mine.chatId);

        assert.equal(await status(token, "GET", `/api/v1/sessions/${mine.chatId}`), 200);
        assert.equal(await status(token, "GET", `/api/v1/sessions/${mine.session.id}`), 200);
        assert.equal(await status(token, "POST", `/realtime/v1/sessions/${mine.session.id}/in/append`, "{}"), 200);
        assert.equal(await status(token, "GET", `/api/v1/sessions/${other.chatId}`), 403);
        assert.equal(await status(token, "POST", `/realtime/v1/sessions/${other.chatId}/in/append`, "{}"), 403);
        assert.equal(await status(token, "POST", `/api/v1/sessions/${mine.chatId}/close`, "{}"), 403);
        assert.equal(await status(token, "POST", `/realtime/v1/sessions/${mine.chatId}/out/append`, "{}"), 403);
    });

    test("auth.createPublicToken for reading does not write", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const token = await auth.createPublicToken({ scopes: { read: { sessions: [chatId] } } });

        assert.equal(await status(token, "GET", `/realtime/v1/sessions/${chatId}/out/records`), 200);
        assert.equal(await status(token, "POST", `/realtime/v1/sessions/${chatId}/in/append`, "{}"), 403);
    });

    test("auth.createPublicToken for a type reads every session", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const token = await auth.createPublicToken({ scopes: { read: { sessions: true } } });

        const read = await auth.withAuth({ accessToken: token }, () => sessions.retrieve(chatId));

        assert.equal(read.externalId, chatId);
    });

    test("a token of auth.createPublicToken that has expired is a 401", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const token = await accessToken(chatId, new Date(Date.now() - 1_000));

        assert.equal(await status(token, "GET", `/api/v1/sessions/${chatId}`), 401);
    });

    test("a token that was tampered with is a 401", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const [header, , signature] = (await accessToken(newChatId())).split(".");
        const [, payload] = (await accessToken(chatId)).split(".");

        assert.equal(await status([header, payload, signature].join("."), "GET", `/api/v1/sessions/${chatId}`), 401);
    });

    test("auth.withPublicToken works with what it made", async (t) => {
        const { chatId } = await startChat(t, TASK);
        let read;

        await auth.withPublicToken({ scopes: { read: { sessions: chatId } } }, async () => {
            read = await sessions.retrieve(chatId);
        });

        assert.equal(read.externalId, chatId);
    });
});

describe("createStartSessionAction", () => {
    test("starts a chat for a browser and gives it a token that works", async (t) => {
        const chatId = newChatId();
        const start = chat.createStartSessionAction(TASK, { triggerConfig: { tags: ["mine"], machine: "small-1x" } });

        const started = await start({ chatId, clientData: { user: "u1" }, metadata: { plan: "gold" } });
        t.after(() => sessions.close(chatId));

        const session = await sessions.retrieve(chatId);
        assert.deepEqual([session.id, session.currentRunId], [started.sessionId, started.runId]);
        assert.deepEqual(session.metadata, { plan: "gold" });
        assert.deepEqual(session.triggerConfig.tags, [`chat:${chatId}`, "mine"]);
        assert.equal(session.triggerConfig.machine, "small-1x");
        assert.equal(session.triggerConfig.basePayload.trigger, "preload");
        assert.deepEqual(session.triggerConfig.basePayload.metadata, { user: "u1" });
        const body = JSON.stringify(submit(chatId, "hello"));
        const sent = await status(started.publicAccessToken, "POST", `/realtime/v1/sessions/${chatId}/in/append`, body);
        assert.equal(sent, 200);
        assert.equal((await inRecords(chatId))[0].data, body);
    });

    test("starting again converges; a token of its own life can be had", async (t) => {
        const chatId = newChatId();
        const start = chat.createStartSessionAction(TASK, { tokenTTL: "5m" });

        const first = await start({ chatId });
        const second = await start({ chatId });
        t.after(() => sessions.close(chatId));

        assert.equal(second.sessionId, first.sessionId);
        assert.equal(second.runId, first.runId);
        const claims = JSON.parse(Buffer.from(second.publicAccessToken.split(".")[1], "base64url"));
        assert.equal(claims.exp - claims.iat, 300);
        assert.equal(await status(second.publicAccessToken, "GET", `/api/v1/sessions/${chatId}`), 200);
    });

    test("through a base URL and a fetch of the application's own", async (t) => {
        const chatId = newChatId();
        const asked = [];
        const start = chat.createStartSessionAction(TASK, {
            tokenTTL: "5m",
            baseURL: () => url,
            fetch: (target, init, { endpoint }) => {
                asked.push(endpoint);
                return fetch(target, init);
            },
        });

        const started = await start({ chatId });
        t.after(() => sessions.close(chatId));

        assert.deepEqual(asked, ["sessions", "auth"]);
        assert.equal(await status(started.publicAccessToken, "GET", `/api/v1/sessions/${chatId}`), 200);
    });

    test("a wrong secret key is refused", async () => {
        const apiClient = { baseURL: url, accessToken: `${secretKey}x` };
        const start = chat.createStartSessionAction(TASK, { apiClient });

        await assert.rejects(start({ chatId: newChatId() }), { status: 401 });
    });
});

async function status(token, method, path, body) {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const response = await fetch(url + path, { method, headers, body });
    await response.arrayBuffer();
    return response.status;
}
