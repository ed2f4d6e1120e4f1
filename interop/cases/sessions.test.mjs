import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";

import { newChatId, sessions, startChat, submit } from "../lib/chats.mjs";
import { inRecords } from "../lib/records.mjs";
import { installedVersion, isModern, version } from "../lib/target.mjs";
import { eventually, within } from "../lib/waiting.mjs";

// Nobody serves this task: these cases are about sessions, not about answers.
const TASK = `interop-unserved-${randomUUID()}`;
// A refusal that the client repeats costs it nine seconds (contract §0.4).
const AT_ONCE_MS = 3_000;

describe("sessions", () => {
    test("the packages under test are the ones of this version", () => {
        assert.equal(installedVersion("@trigger.dev/sdk"), version);
        assert.equal(installedVersion("@trigger.dev/core"), version);
    });

    test("start creates a session once and converges on it afterwards", async (t) => {
        const { chatId, session } = await startChat(t, TASK, { tags: ["a", "b"], idleTimeoutInSeconds: 60 });
        const { session: again } = await startChat(t, TASK, { chatId });

        assert.match(session.id, /^session_[a-z0-9]+$/);
        assert.match(session.runId, /^run_[a-z0-9]+$/);
        assert.equal(session.externalId, chatId);
        assert.equal(session.isCached, false);
        assert.equal(session.publicAccessToken.split(".").length, 3);
        assert.equal(again.id, session.id);
        assert.equal(again.runId, session.runId);
        assert.equal(again.isCached, true);
    });

    test("ten starts at once give one session and one run", async (t) => {
        const chatId = newChatId();
        const started = await Promise.all(Array.from({ length: 10 }, () => startChat(t, TASK, { chatId })));

        assert.equal(new Set(started.map(({ session }) => session.id)).size, 1);
        assert.equal(new Set(started.map(({ session }) => session.runId)).size, 1);
        assert.equal(started.filter(({ session }) => !session.isCached).length, 1);
    });

    test("retrieve answers the same session for both forms of its id", async (t) => {
        const { chatId, session } = await startChat(t, TASK, { chatId: newChatId("/a b+c:d") });

        const byExternalId = await sessions.retrieve(chatId);
        const byFriendlyId = await sessions.retrieve(session.id);

        assert.deepEqual(byExternalId, byFriendlyId);
        assert.equal(byExternalId.taskIdentifier, TASK);
        assert.equal(byExternalId.currentRunId, session.runId);
        assert.equal(byExternalId.closedAt, null);
        assert.equal(byExternalId.metadata, null);
        assert.ok(byExternalId.createdAt instanceof Date);
        assert.equal(byExternalId.triggerConfig.basePayload.chatId, chatId);
    });

    test("retrieve of an unknown session is a 404 at once", async () => {
        const refusal = assert.rejects(sessions.retrieve(newChatId()), { status: 404 });
        await within("a refusal without repeats", refusal, AT_ONCE_MS);
    });

    test("update changes tags and metadata but not the externalId", async (t) => {
        const { chatId } = await startChat(t, TASK);

        const updated = await sessions.update(chatId, { tags: ["x"], metadata: { plan: "gold" } });
        await assert.rejects(sessions.update(chatId, { externalId: newChatId() }), { status: 422 });
        const cleared = await sessions.update(chatId, { metadata: null, externalId: chatId });

        assert.deepEqual(updated.tags, ["x"]);
        assert.deepEqual(updated.metadata, { plan: "gold" });
        assert.deepEqual(cleared.tags, ["x"]);
        assert.equal(cleared.metadata, null);
    });

    test("close is for good: the first reason stays, reads go on, starts and sends are refused at once", async (t) => {
        const { chatId, send } = await startChat(t, TASK);

        const closed = await sessions.close(chatId, { reason: "first" });
        const again = await sessions.close(chatId, { reason: "second" });
        const read = await sessions.retrieve(chatId);

        assert.ok(closed.closedAt instanceof Date);
        assert.equal(again.closedReason, "first");
        assert.deepEqual(read.closedAt, closed.closedAt);
        await within("a refused start", assert.rejects(startChat(t, TASK, { chatId }), { status: 409 }), AT_ONCE_MS);
        const refusal = isModern ? { status: 409, code: "session_closed" } : { status: 409 };
        await within("a refused send", assert.rejects(send("too late"), refusal), AT_ONCE_MS);
    });

    test("list filters by everything the client can ask for", async (t) => {
        const tag = `tag-${randomUUID()}`;
        const open = await tagged(t, tag, 2);
        const [shut] = await tagged(t, tag, 1);
        await sessions.close(shut);
        const from = new Date(Date.now() - 60_000);

        await listsEventually({ tag: [tag, "none"] }, [...open, shut]);
        await listsEventually({ tag, status: "ACTIVE" }, open);
        await listsEventually({ tag, status: ["CLOSED", "EXPIRED"] }, [shut]);
        await listsEventually({ tag, externalId: open[0] }, [open[0]]);
        await listsEventually({ tag, type: "chat.agent", taskIdentifier: [TASK, "other"] }, [...open, shut]);
        await listsEventually({ tag, taskIdentifier: "other" }, []);
        await listsEventually({ tag, period: "1h" }, [...open, shut]);
        await listsEventually({ tag, from, to: new Date(Date.now() + 60_000) }, [...open, shut]);
        await listsEventually({ tag, to: from }, []);
    });

    test("list pages newest first, forward and back", async (t) => {
        const tag = `tag-${randomUUID()}`;
        const created = await tagged(t, tag, 7);
        const newestFirst = created.toReversed();
        await listsEventually({ tag }, created);

        const all = [];
        for await (const session of sessions.list({ tag, limit: 3 })) {
            all.push(session.externalId);
        }
        const first = await sessions.list({ tag, limit: 3 });
        const second = await first.getNextPage();
        // Not getPreviousPage: of a page that was reached with getNextPage it sends both cursors, which is refused.
        const back = await sessions.list({ tag, limit: 3, before: second.pagination.previous });

        assert.deepEqual(all, newestFirst);
        assert.equal(first.hasPreviousPage(), false);
        assert.deepEqual(second.data.map((session) => session.externalId), newestFirst.slice(3, 6));
        assert.deepEqual(back.data.map((session) => session.externalId), newestFirst.slice(0, 3));
    });

    test("open asks nothing of the server, and its sends are stored in order, dense, under either id", async (t) => {
        const { chatId, session } = await startChat(t, TASK);
        const message = submit(chatId, "quotes \" and \\ and ünïcödé");

        const handle = sessions.open(session.id);
        assert.equal(handle.id, session.id);
        await handle.in.send(message);
        await sessions.open(chatId).in.send("plain text");
        await sessions.open(chatId).in.send({ kind: "stop" });

        const stored = await inRecords(chatId);
        assert.deepEqual(stored.map((record) => record.seqNum), [0, 1, 2]);
        assert.deepEqual(JSON.parse(stored[0].data), message);
        assert.equal(stored[1].data, "plain text");
        assert.equal(stored[2].data, '{"kind":"stop"}');
    });
});

/** Starts sessions one after the other; answers their externalIds. */
async function tagged(t, tag, count) {
    const chatIds = [];
    for (let i = 0; i < count; i++) {
        const chatId = newChatId();
        await sessions.start({
            type: "chat.agent",
            externalId: chatId,
            taskIdentifier: TASK,
            tags: [tag],
            triggerConfig: { basePayload: { chatId, trigger: "preload" } },
        });
        t.after(() => sessions.close(chatId));
        chatIds.push(chatId);
    }
    return chatIds;
}

/** The list may lag behind the writes; what it says must get right. */
function listsEventually(filter, chatIds) {
    const wanted = chatIds.toSorted().join();
    return eventually(`the list with ${JSON.stringify(filter)}`, async () => {
        const { data } = await sessions.list(filter);
        return data.map((session) => session.externalId).toSorted().join() === wanted;
    });
}
