import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { answer, counted } from "../lib/agent.mjs";
import { AgentChat, OutReader, collect, newChatId, sessions } from "../lib/chats.mjs";
import { textOf } from "../lib/records.mjs";
import { Runner } from "../lib/runner.mjs";
import { isModern } from "../lib/target.mjs";

const AT_ONCE_MS = 8_000;

describe("AgentChat", () => {
    let runner;
    before(async () => (runner = await Runner.start({ credential: "secret-key" })));
    after(() => runner.stop());

    test("starts a session with the first message and streams answer after answer", async (t) => {
        const triggered = [];
        const completed = [];
        const chat = newChat(t, {
            onTriggered: (event) => void triggered.push(event.runId),
            onTurnComplete: (event) => void completed.push(event.lastEventId),
        });

        const first = await (await chat.sendMessage("hello")).text();
        const second = await (await chat.sendMessage("again")).result();

        assert.equal(first, answer("hello"));
        assert.equal(second.text, answer("again", ["hello"]));
        assert.deepEqual(triggered, runner.runsOf(chat.id));
        assert.equal(completed.length, 2);
        assert.ok(Number(completed[1]) > Number(completed[0]));
    });

    test("preload starts the run before the first message", async (t) => {
        const chat = newChat(t);

        await chat.preload();
        const { runId } = await runner.until("started", chat.id);
        const text = await (await chat.sendMessage("hello")).text();

        assert.equal(text, answer("hello"));
        assert.deepEqual(runner.runsOf(chat.id), [runId]);
    });

    test("goes on in another process with the saved cursor", async (t) => {
        const chat = newChat(t);
        await (await chat.sendMessage("hello")).text();

        const resumed = newChat(t, { id: chat.id, session: structuredClone(chat.session) });
        const text = await (await resumed.sendMessage("it is me")).text();

        assert.equal(text, answer("it is me", ["hello"]));
        assert.equal(runner.runsOf(chat.id).length, 1);
    });

    test("stop ends the answer; the next message is answered without leftovers", async (t) => {
        const chat = newChat(t);
        const stream = await chat.sendMessage("count 200 every 50");
        const all = await OutReader.open(t, chat.id);
        await all.delta(5);

        await chat.stop();

        const turn = await all.turn(1);
        assert.ok(turn.text.length < counted(150).length, "stopped early");
        if (isModern) {
            await collect(stream.stream, AT_ONCE_MS);
            const text = await (await chat.sendMessage("go on")).text();
            assert.equal(text, answer("go on", ["count 200 every 50"]));
        } else {
            // Its stream does not end with the stopped turn but carries the next one (contract §14).
            const reading = stream.text();
            await chat.steer("go on");
            assert.ok((await reading).endsWith(answer("go on", ["count 200 every 50"])));
        }
    });

    test("an action is done and its stream ends", async (t) => {
        const chat = newChat(t);
        await (await chat.sendMessage("first")).text();

        const done = await (await chat.sendAction({ type: "undo" })).text();
        const next = await (await chat.sendMessage("then")).text();

        assert.equal(done, "");
        assert.equal(next, answer("then", ["first"], ["undo"]));
    });

    test("a steering message is answered in the next turn", async (t) => {
        const chat = newChat(t);
        const stream = await chat.sendMessage("count 30 every 50");
        const all = await OutReader.open(t, chat.id);
        await all.delta(3);

        const accepted = await chat.steer("also this");

        assert.equal(accepted, true);
        assert.equal(await stream.text(), counted(30));
        assert.equal((await all.turn(2)).text, answer("also this", ["count 30 every 50"]));
    });

    test("reconnect in mid-turn goes on from the saved cursor", async (t) => {
        const chat = newChat(t);
        const stream = await chat.sendMessage("count 60 every 50");
        const all = await OutReader.open(t, chat.id);
        await all.delta(10);

        const saved = structuredClone(chat.session);
        await stream.stream.cancel();
        const resumed = newChat(t, { id: chat.id, session: saved });
        const rest = await collect(await resumed.reconnect());

        await all.turn(1);
        const cursor = Number(saved.lastEventId ?? -1);
        const missed = all.records.filter((record) => record.chunk && record.seq > cursor);
        assert.deepEqual(rest, missed.map((record) => record.chunk));
        assert.ok(textOf(rest).endsWith("59 60 "));
    });

    test("close lets the run leave; a later message starts a continuation that knows the history", async (t) => {
        const chat = newChat(t);
        await (await chat.sendMessage("hello")).text();

        assert.equal(await chat.close(), true);
        const ended = await runner.until("ended", chat.id);
        const text = await (await chat.sendMessage("back again")).text();

        assert.equal(ended.outcome, "completed", ended.error);
        assert.equal(text, answer("back again", ["hello"]));
        assert.equal(runner.runsOf(chat.id).length, 2);
    });

    function newChat(t, options = {}) {
        const chat = new AgentChat({ agent: runner.task, id: newChatId(), clientData: { user: "u1" }, ...options });
        t.after(() => sessions.close(chat.id).catch(() => undefined));
        return chat;
    }
});
