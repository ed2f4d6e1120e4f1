import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { answer, counted } from "../lib/agent.mjs";
import {
    OutReader, accessToken, collect, newChatId, newTransport, sendText, sessions, startChat, takeDeltas, userMessage,
} from "../lib/chats.mjs";
import { inRecords, outRecords, textOf } from "../lib/records.mjs";
import { Runner } from "../lib/runner.mjs";
import { isModern } from "../lib/target.mjs";
import { within } from "../lib/waiting.mjs";

const AT_ONCE_MS = 8_000;

describe("TriggerChatTransport", () => {
    let runner;
    before(async () => (runner = await Runner.start({ credential: "secret-key" })));
    after(() => runner.stop());

    test("sends a first message, which starts the session, and streams the answer", async (t) => {
        const { transport, calls } = newTransport(t, runner.task);
        const chatId = newChatId("/slash");

        const chunks = await collect(await sendText(transport, chatId, "hello"));

        assert.equal(textOf(chunks), answer("hello"));
        assert.equal(chunks[0].type, "start");
        assert.equal(chunks.at(-1).type, "finish");
        assert.ok(chunks.every((chunk) => !chunk.type.startsWith("trigger:")));
        assert.deepEqual(calls, { startSession: 1, accessToken: 0 });
        assert.equal(transport.getSession(chatId).isStreaming, false);
    });

    test("streams turn after turn and never shows an old chunk again", async (t) => {
        const { transport, calls } = newTransport(t, runner.task);
        const chatId = newChatId();
        const texts = ["one", "two", "three"];

        for (const [i, text] of texts.entries()) {
            const chunks = await collect(await sendText(transport, chatId, text));
            assert.equal(textOf(chunks), answer(text, texts.slice(0, i)));
        }

        assert.equal(calls.startSession, 1);
        assert.equal(runner.runsOf(chatId).length, 1);
    });

    test("shows chunks while the agent still answers", async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();

        const reader = (await sendText(transport, chatId, "count 40 every 50")).getReader();
        const early = await takeDeltas(reader, 3);

        assert.ok(transport.getSession(chatId).isStreaming);
        assert.ok(counted(40).startsWith(textOf(early)));
        const ends = (await outRecords(chatId)).filter((record) => record.control === "turn-complete");
        assert.equal(ends.length, 0);
        await reader.cancel();
    });

    test("a reload in mid-stream goes on from the saved cursor without a gap", async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();
        const reader = (await sendText(transport, chatId, "count 60 every 50")).getReader();
        await takeDeltas(reader, 10);

        const saved = structuredClone(transport.getSession(chatId));
        await reader.cancel();
        const { transport: reloaded, calls } = newTransport(t, runner.task, { sessions: { [chatId]: saved } });
        const rest = await collect(await reloaded.reconnectToStream({ chatId }));

        const whole = await outRecords(chatId);
        const missed = whole.filter((record) => record.seqNum > Number(saved.lastEventId ?? -1) && !record.control);
        assert.deepEqual(rest, missed.map((record) => record.data));
        assert.ok(textOf(rest).endsWith("59 60 "));
        assert.equal(textOf(whole.map((record) => record.data)), counted(60));
        assert.deepEqual(calls, { startSession: 0, accessToken: 0 });
        assert.equal(runner.runsOf(chatId).length, 1);
    });

    test("a reload after the turn has ended is over at once", async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();
        await collect(await sendText(transport, chatId, "hello"));

        const saved = { ...transport.getSession(chatId), isStreaming: true };
        const { transport: reloaded } = newTransport(t, runner.task, { sessions: { [chatId]: saved } });
        const chunks = await collect(await reloaded.reconnectToStream({ chatId }), AT_ONCE_MS);

        assert.deepEqual(chunks, []);
    });

    test("stop ends the answer; the next message is answered without leftovers", async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();
        const all = await watch(t, transport, chatId, "count 200 every 50");

        const stopped = await transport.stopGeneration(chatId);

        const turn = await all.turn(1);
        const next = await collect(await sendText(transport, chatId, "go on"));
        assert.equal(stopped, true);
        assert.ok(turn.text.length < counted(150).length, "stopped early");
        assert.equal(textOf(next), answer("go on", ["count 200 every 50"]));
        assert.equal(runner.runsOf(chatId).length, 1);
    });

    test("an action is done and its stream ends", async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();
        await collect(await sendText(transport, chatId, "first"));

        const done = await collect(await transport.sendAction(chatId, { type: "undo" }));
        const next = await collect(await sendText(transport, chatId, "then"));

        assert.deepEqual(done.filter((chunk) => chunk.type === "error"), []);
        assert.equal(textOf(next), answer("then", ["first"], ["undo"]));
    });

    test("an action hears when its input is settled", { skip: !isModern && "4.5.0 does not tell" }, async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();
        await collect(await sendText(transport, chatId, "first"));
        const settled = [];

        await collect(await transport.sendAction(chatId, { type: "undo" }, { onSettled: (s) => settled.push(s) }));

        assert.deepEqual(settled.map((s) => [s.inputSeq, s.sessionInEventId]), [[1, "1"]]);
    });

    test("a steering message does not disturb the stream and is answered next", async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();
        const stream = await sendText(transport, chatId, "count 30 every 50");
        const all = await OutReader.open(t, chatId);
        await all.delta(3);

        const accepted = await transport.sendPendingMessage(chatId, userMessage("also this"));

        const chunks = await collect(stream);
        assert.equal(accepted, true);
        assert.equal(textOf(chunks), counted(30));
        assert.equal((await all.turn(2)).text, answer("also this", ["count 30 every 50"]));
        assert.equal(runner.runsOf(chatId).length, 1);
    });

    test("preload starts the run before the first message, once", async (t) => {
        const { transport, calls } = newTransport(t, runner.task);
        const chatId = newChatId();

        await Promise.all([transport.preload(chatId), transport.preload(chatId)]);
        const { runId, payload } = await runner.until("started", chatId);
        const chunks = await collect(await sendText(transport, chatId, "hello"));

        assert.equal(payload.trigger, "preload");
        assert.equal(textOf(chunks), answer("hello"));
        assert.deepEqual(calls, { startSession: 1, accessToken: 0 });
        assert.deepEqual(runner.runsOf(chatId), [runId]);
    });

    test("a corrupted token is refreshed once and the message arrives once", async (t) => {
        const { chatId } = await startChat(t, runner.task);
        const corrupted = corrupt(await accessToken(chatId));
        const { transport, calls } = newTransport(t, runner.task, {
            sessions: { [chatId]: { publicAccessToken: corrupted, isStreaming: false } },
        });

        const chunks = await collect(await sendText(transport, chatId, "hello"));

        assert.equal(textOf(chunks), answer("hello"));
        assert.deepEqual(calls, { startSession: 0, accessToken: 1 });
        assert.equal((await inRecords(chatId)).length, 1);
    });

    test("a corrupted token is refreshed for a stream too, and one that expired as well", async (t) => {
        const { chatId, send } = await startChat(t, runner.task);
        const all = await OutReader.open(t, chatId);
        await send("hello");
        await all.turn(1);

        const expired = await accessToken(chatId, new Date(Date.now() - 1_000));
        for (const token of [corrupt(await accessToken(chatId)), expired]) {
            const { transport, calls } = newTransport(t, runner.task, {
                sessions: { [chatId]: { publicAccessToken: token, isStreaming: true } },
            });
            const chunks = await collect(await transport.reconnectToStream({ chatId }), AT_ONCE_MS);
            assert.equal(textOf(chunks), answer("hello"));
            assert.equal(calls.accessToken, 1);
        }
    });

    test("a closed session refuses the message for good", async (t) => {
        const events = [];
        const { transport, calls } = newTransport(t, runner.task, { onEvent: (event) => events.push(event) });
        const chatId = newChatId();
        await collect(await sendText(transport, chatId, "hello"));
        await sessions.close(chatId, { reason: "enough" });

        await within("the refusal", assert.rejects(sendText(transport, chatId, "too late"), /closed/i), AT_ONCE_MS);

        assert.deepEqual(calls, { startSession: 1, accessToken: 0 });
        if (isModern) {
            const { closed, closedReason } = transport.getSession(chatId);
            assert.deepEqual({ closed, closedReason }, { closed: true, closedReason: "enough" });
            assert.equal(events.filter((event) => event.type === "session-closed").length, 1);
        }
    });

    test("a session that is gone is started again", async (t) => {
        const chatId = newChatId();
        const { transport, calls } = newTransport(t, runner.task, {
            sessions: { [chatId]: { publicAccessToken: await accessToken(chatId), isStreaming: false } },
        });

        const chunks = await collect(await sendText(transport, chatId, "hello"));

        assert.equal(textOf(chunks), answer("hello"));
        assert.equal(calls.startSession, 1);
    });

    test("an upgrade passes through an open stream", async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();

        const first = await collect(await sendText(transport, chatId, "upgrade now"));
        const second = await collect(await sendText(transport, chatId, "still there?"));

        assert.equal(textOf(first), answer("upgrade now"));
        assert.equal(textOf(second), answer("still there?", ["upgrade now"]));
        assert.equal(runner.runsOf(chatId).length, 2);
    });

    test("a run that dies in mid-stream is not seen as an end", async (t) => {
        const { transport } = newTransport(t, runner.task);
        const chatId = newChatId();
        const reader = (await sendText(transport, chatId, "count 60 every 50")).getReader();
        const early = await takeDeltas(reader, 5);

        runner.killRunOf(chatId);
        const late = await takeDeltas(reader, Infinity);

        assert.ok(counted(60).startsWith(textOf(early)));
        assert.ok(textOf(late).endsWith(counted(60)), textOf(late));
    });

    test("watching sees turn after turn on one stream", async (t) => {
        const { chatId, send } = await startChat(t, runner.task);
        const token = await accessToken(chatId);
        const { transport } = newTransport(t, runner.task, {
            watch: true,
            sessions: { [chatId]: { publicAccessToken: token, isStreaming: true } },
        });
        const all = await OutReader.open(t, chatId);
        const reader = (await transport.reconnectToStream({ chatId })).getReader();

        await send("one");
        const first = await takeDeltas(reader, deltas(answer("one")));
        await all.turn(1);
        await send("two");
        const second = await takeDeltas(reader, deltas(answer("two", ["one"])));
        await reader.cancel();

        assert.equal(textOf(first), answer("one"));
        assert.equal(textOf(second), answer("two", ["one"]));
    });
});

/** Sends through the transport and follows the channel apart from it, until the answer has begun. */
async function watch(t, transport, chatId, text) {
    const stream = await sendText(transport, chatId, text);
    const reader = await OutReader.open(t, chatId);
    await reader.delta(5);
    collect(stream).catch(() => undefined);
    return reader;
}

function corrupt(token) {
    const [header, payload, signature] = token.split(".");
    return [header, payload, signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))].join(".");
}

function deltas(text) {
    return text.match(/\S+\s*/g).length;
}
