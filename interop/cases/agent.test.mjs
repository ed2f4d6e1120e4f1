import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { answer, counted } from "../lib/agent.mjs";
import { OutReader, newChatId, sessions, startChat, submit, userMessage } from "../lib/chats.mjs";
import { call, inRecords } from "../lib/records.mjs";
import { Runner } from "../lib/runner.mjs";
import { isModern, url } from "../lib/target.mjs";
import { eventually } from "../lib/waiting.mjs";

// Both credentials that a run may use: the one of its own, which is fenced, and the environment's secret key, which is
// all that the packages know of outside Baton.
for (const credential of ["run-token", "secret-key"]) {
    describe(`a chat.agent with a ${credential}`, () => {
        let runner;
        before(async () => (runner = await Runner.start({ credential })));
        after(() => runner.stop());

        test("answers a text turn chunk by chunk and completes it", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);

            await send("hello");

            const turn = await reader.turn(1);
            assert.equal(turn.text, answer("hello"));
            assert.deepEqual(
                turn.chunks.map((chunk) => chunk.type).filter((type, i, all) => type !== all[i - 1]),
                ["start", "start-step", "text-start", "text-delta", "text-end", "finish-step", "finish"],
            );
            assert.equal(turn.headers["session-in-event-id"], "0");
            await assertToken(turn, chatId, credential);
        });

        test("answers the message that came with the start", async (t) => {
            const chatId = newChatId();
            const reader = await OutReader.open(t, chatId);

            await startChat(t, runner.task, {
                chatId,
                basePayload: { trigger: "submit-message", message: userMessage("in the start") },
            });

            assert.equal((await reader.turn(1)).text, answer("in the start"));
        });

        test("answers two queued messages in two turns of one run", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);

            await send("count 10 every 20");
            await send("second");

            const second = await reader.turn(2);
            const [first] = reader.turns();
            assert.equal(first.text, counted(10));
            assert.equal(second.text, answer("second", ["count 10 every 20"]));
            // 4.5.0 counts a queued message as consumed at once.
            assert.equal(first.headers["session-in-event-id"], isModern ? "0" : "1");
            assert.equal(second.headers["session-in-event-id"], "1");
            assert.ok(second.seq > first.seq);
            assert.equal(runner.runsOf(chatId).length, 1);
        });

        test("stops in the middle of an answer and goes on with the next message", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);
            await send("count 200 every 50");
            await reader.delta(5);

            await sessions.open(chatId).in.send({ kind: "stop" });

            const stopped = await reader.turn(1);
            await send("and now");
            const next = await reader.turn(2);
            assert.ok(counted(200).startsWith(stopped.text) && stopped.text.length < counted(150).length);
            assert.equal(next.text, answer("and now", ["count 200 every 50"]));
            assert.equal(runner.runsOf(chatId).length, 1);
        });

        test("does an action without an answer of the model", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);
            const action = { chatId, trigger: "action", action: { type: "undo" }, metadata: {} };
            await send("first");
            await reader.turn(1);

            await sessions.open(chatId).in.send({ kind: "message", payload: action });

            const done = await reader.turn(2);
            await send("then");
            assert.equal(done.text, "");
            assert.ok(done.chunks.every((chunk) => chunk.type !== "error"), JSON.stringify(done.chunks));
            assert.equal((await reader.turn(3)).text, answer("then", ["first"], ["undo"]));
        });

        test("suspends when idle and the next message resumes the same run, three times", async (t) => {
            const { chatId, send } = await startChat(t, runner.task, { idleTimeoutInSeconds: 1 });
            const reader = await OutReader.open(t, chatId);
            const texts = ["one", "two", "three"];

            for (const [i, text] of texts.entries()) {
                await eventually(`suspension ${i + 1}`, () => count(runner, "waiting", chatId) === i + 1);
                await send(text);
                assert.equal((await reader.turn(i + 1)).text, answer(text, texts.slice(0, i)));
            }

            assert.equal(runner.runsOf(chatId).length, 1);
            assert.equal(count(runner, "suspended", chatId), count(runner, "resumed", chatId));
            if (isModern) {
                assert.deepEqual(reader.turns().map((turn) => turn.headers["session-in-event-id"]), ["0", "1", "2"]);
            }
        });

        test("a message that comes just as the run suspends is answered", async (t) => {
            const { chatId, send } = await startChat(t, runner.task, { idleTimeoutInSeconds: 1 });
            const reader = await OutReader.open(t, chatId);

            await runner.until("suspended", chatId);
            await send("at the last moment");

            assert.equal((await reader.turn(1)).text, answer("at the last moment"));
        });

        test("ends its run and a continuation knows the history, over two hops", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);
            const texts = ["alpha and end", "beta and end", "gamma"];

            for (const [i, text] of texts.entries()) {
                await send(text);
                assert.equal((await reader.turn(i + 1)).text, answer(text, texts.slice(0, i)));
                if (text.endsWith("and end")) {
                    await eventually("the end of the run", () => count(runner, "ended", chatId) === i + 1);
                }
            }

            const started = runner.events.filter((event) => event.type === "started" && event.chatId === chatId);
            assert.deepEqual(started.map((event) => event.reason), ["initial", "continuation", "continuation"]);
            assert.equal(started[1].payload.continuation, true);
            assert.equal(started[1].payload.previousRunId, started[0].runId);
            const ended = runner.events.filter((event) => event.type === "ended" && event.chatId === chatId);
            assert.ok(ended.every((event) => event.outcome === "completed"), JSON.stringify(ended));
        });

        test("asks for an upgrade and the successor answers the message", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);

            await send("upgrade first");

            assert.equal((await reader.turn(1)).text, answer("upgrade first"));
            const started = runner.events.filter((event) => event.type === "started" && event.chatId === chatId);
            assert.deepEqual(started.map((event) => event.reason), ["initial", "upgrade"]);
            await runner.until("ended", chatId, (event) => event.runId === started[0].runId);
            if (credential === "secret-key") {
                // With a token of its own the run has lost the session before it writes this, and is refused.
                await reader.control("upgrade-required");
            }
        });

        test("a run that dies in mid-answer is followed by one that answers", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);
            await send("count 60 every 50");
            await reader.delta(5);

            runner.killRunOf(chatId);

            const turn = await reader.turn(1);
            assert.ok(turn.text.endsWith(counted(60)), turn.text);
            assert.deepEqual((await inRecords(chatId)).map((record) => record.seqNum), [0]);
            assert.equal(runner.runsOf(chatId).length, 2);
        });

        test("leaves when its session is closed from outside", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);
            await send("hello");
            await reader.turn(1);

            await sessions.close(chatId, { reason: "enough" });

            const ended = await runner.until("ended", chatId);
            assert.equal(ended.outcome, "completed", ended.error);
            assert.equal(runner.runsOf(chatId).length, 1);
        });

        test("five chats at once never see each other", async (t) => {
            const chats = await Promise.all(Array.from({ length: 5 }, () => startChat(t, runner.task)));
            const readers = await Promise.all(chats.map(({ chatId }) => OutReader.open(t, chatId)));

            await Promise.all(chats.map(({ chatId, send }) => send(`I am ${chatId}`)));

            for (const [i, { chatId }] of chats.entries()) {
                assert.equal((await readers[i].turn(1)).text, answer(`I am ${chatId}`));
            }
        });

        test("keeps a conversation of many turns bounded on .out and whole in memory", async (t) => {
            const { chatId, send } = await startChat(t, runner.task);
            const reader = await OutReader.open(t, chatId);
            const texts = ["a", "b", "c", "d"];

            for (const [i, text] of texts.entries()) {
                await sessions.open(chatId).in.send(submit(chatId, text));
                await reader.turn(i + 1);
            }

            await send("last");
            assert.equal((await reader.turn(5)).text, answer("last", texts));
            const { records } = await call("GET", `/realtime/v1/sessions/${chatId}/out/records`);
            const ends = records.filter((record) => record.headers?.[0]?.[1] === "turn-complete");
            assert.ok(ends.length < 5, "the first turns are trimmed away");
        });
    });
}

function count(runner, type, chatId) {
    return runner.events.filter((event) => event.type === type && event.chatId === chatId).length;
}

/** With each turn an agent hands out a token, if it could have one: 4.5.0 signs only with a secret key. */
async function assertToken(turn, chatId, credential) {
    const token = turn.headers["public-access-token"];
    if (credential === "secret-key" || isModern) {
        assert.ok(token, "expected a token with the turn");
    }
    if (token) {
        const response = await fetch(`${url}/api/v1/sessions/${chatId}`, {
            headers: { Authorization: `Bearer ${token}` },
        });
        assert.equal(response.status, 200);
    }
}
