import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";

import { OutReader, lastWritten, newChatId, sessions, startChat } from "../lib/chats.mjs";
import { outRecords } from "../lib/records.mjs";
import { isModern } from "../lib/target.mjs";
import { eventually } from "../lib/waiting.mjs";

const TASK = `interop-unserved-${randomUUID()}`;

describe("channels", () => {
    test("out.append stores an object that out.read gives back", async (t) => {
        const { chatId, session } = await startChat(t, TASK);
        const chunk = { type: "data-note", data: { text: "a \"quoted\" line\nand ünïcödé 😀" } };

        await sessions.open(chatId).out.append(chunk);
        const reader = await OutReader.open(t, session.id);

        assert.deepEqual((await eventually("the record", () => reader.records[0])).chunk, chunk);
    });

    test("out.append works before the session exists and the session finds it", async (t) => {
        const chatId = newChatId("/early");

        await sessions.open(chatId).out.append({ type: "early" });
        const { session } = await startChat(t, TASK, { chatId });
        await sessions.open(session.id).out.append({ type: "late" });

        assert.deepEqual((await outRecords(chatId)).map((record) => record.data.type), ["early", "late"]);
    });

    test("out.pipe stores a stream in order and names its last record", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const reader = await OutReader.open(t, chatId);

        const { waitUntilComplete } = sessions.open(chatId).out.pipe(numbers(200));
        const last = lastWritten(await waitUntilComplete());

        const stored = await eventually("200 records", () => reader.records.length === 200 && reader.records);
        assert.deepEqual(stored.map((record) => record.chunk.n), Array.from({ length: 200 }, (_, i) => i));
        assert.equal(last, stored.at(-1).seq);
        assert.ok(stored.every((record, i) => i === 0 || record.seq > stored[i - 1].seq), "seq rises");
    });

    test("out.pipe lets readers see chunks while it goes on", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const reader = await OutReader.open(t, chatId);
        const gate = Promise.withResolvers?.() ?? resolvers();

        const piped = sessions.open(chatId).out.pipe(gated(gate.promise));
        await eventually("the first half", () => reader.records.length === 1);
        gate.resolve();
        await piped.waitUntilComplete();

        await eventually("the second half", () => reader.records.length === 2);
    });

    test("two out.writers at once keep their own order and lose nothing", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const write = (who) => {
            const execute = async ({ write, merge }) => {
                for (let n = 0; n < 50; n++) {
                    write({ who, n });
                }
                merge(ReadableStream.from([{ who, n: 50 }]));
            };
            return sessions.open(chatId).out.writer({ execute }).waitUntilComplete();
        };

        await Promise.all([write("a"), write("b")]);

        const stored = await outRecords(chatId);
        for (const who of ["a", "b"]) {
            const its = stored.filter((record) => record.data.who === who).map((record) => record.data.n);
            assert.deepEqual(its, Array.from({ length: 51 }, (_, i) => i));
        }
    });

    test("out.writeControl reaches onControl with its headers and never the chunks", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const { out } = sessions.open(chatId);
        const reader = await OutReader.open(t, chatId);

        await out.append({ n: 1 });
        const { lastEventId } = await out.writeControl("turn-complete", [["session-in-event-id", "7"]]);
        await out.append({ n: 2 });

        const control = await reader.control("turn-complete");
        await eventually("both chunks", () => reader.chunks().length === 2);
        assert.equal(control.seq, Number(lastEventId));
        assert.equal(control.headers["session-in-event-id"], "7");
        assert.deepEqual(reader.chunks(), [{ n: 1 }, { n: 2 }]);
    });

    test("out.trimTo removes what is older for readers, takes a seq and shows nothing itself", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const { out } = sessions.open(chatId);
        await out.pipe(numbers(5)).waitUntilComplete();
        const before = await outRecords(chatId);

        await out.trimTo(before[3].seqNum);
        await out.trimTo(before[1].seqNum);
        await out.append({ n: 5 });

        const left = await eventually("the trimmed records gone", async () => {
            const records = await outRecords(chatId);
            return records[0].data.n === 3 && records;
        });
        const reader = await OutReader.open(t, chatId);
        const fromStart = await OutReader.open(t, chatId, before[0].seqNum);
        assert.deepEqual(left.map((record) => record.data.n), [3, 4, 5]);
        assert.ok(left[2].seqNum > left[1].seqNum + 1, "each trim has taken a seq");
        for (const found of [reader, fromStart]) {
            await eventually("three records", () => found.records.length === 3);
            assert.deepEqual(found.chunks().map((chunk) => chunk.n), [3, 4, 5]);
        }
    });

    test("out.read resumes after any record, exactly", async (t) => {
        const { chatId } = await startChat(t, TASK);
        await sessions.open(chatId).out.pipe(numbers(30)).waitUntilComplete();
        const stored = await outRecords(chatId);

        for (const at of [0, 13, 28]) {
            const reader = await OutReader.open(t, chatId, stored[at].seqNum);
            await eventually("the rest", () => reader.records.length >= 29 - at);
            assert.deepEqual(reader.records.map((record) => record.seq), stored.slice(at + 1).map((r) => r.seqNum));
        }
    });

    test("out.read ends with its window of silence", async (t) => {
        const { chatId } = await startChat(t, TASK);
        await sessions.open(chatId).out.append({ n: 1 });

        const seen = [];
        for await (const chunk of await sessions.open(chatId).out.read({ timeoutInSeconds: 2 })) {
            seen.push(chunk);
        }

        assert.deepEqual(seen, [{ n: 1 }]);
    });

    test("a record close to the size limit goes through, several at once", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const big = (n) => ({ n, text: "x".repeat(1_000_000) });

        await sessions.open(chatId).out.pipe(ReadableStream.from([big(0), big(1), big(2)])).waitUntilComplete();

        const stored = await outRecords(chatId);
        assert.deepEqual(stored.map((record) => [record.data.n, record.data.text.length]), [
            [0, 1_000_000],
            [1, 1_000_000],
            [2, 1_000_000],
        ]);
    });

    test("twenty writers of twenty sessions at once", async (t) => {
        const chats = await Promise.all(Array.from({ length: 20 }, () => startChat(t, TASK)));

        await Promise.all(chats.map(({ chatId }) => sessions.open(chatId).out.pipe(numbers(100)).waitUntilComplete()));

        for (const { chatId } of chats) {
            const stored = await outRecords(chatId);
            assert.deepEqual(stored.map((record) => record.data.n), Array.from({ length: 100 }, (_, i) => i));
        }
    });

    const withoutChannels = !isModern && "4.5.0 has none";
    test("side channels are apart from the chat's own and from each other", { skip: withoutChannels }, async (t) => {
        const { chatId } = await startChat(t, TASK);
        const [logs, files] = ["logs", "files.v-1_x"].map((name) => sessions.open(chatId).channel(name));

        await logs.out.append({ from: "logs" });
        await files.out.append({ from: "files" });
        await logs.in.send({ to: "logs" });
        const seen = [];
        for await (const chunk of await logs.out.read({ timeoutInSeconds: 2 })) {
            seen.push(chunk);
        }

        assert.deepEqual(seen, [{ from: "logs" }]);
        assert.deepEqual(await outRecords(chatId), []);
    });
});

async function* numbers(count) {
    for (let n = 0; n < count; n++) {
        yield { n };
    }
}

async function* gated(gate) {
    yield { n: 0 };
    await gate;
    yield { n: 1 };
}

function resolvers() {
    const parts = {};
    parts.promise = new Promise((resolve) => (parts.resolve = resolve));
    return parts;
}
