// The unmodified clients and an agent in Java (ShopAgent): what a user of a page sees, and what a backend is told. Every answer
// here is known word by word. Rows of the contract and of the features stand in the names.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { AgentChat, OutReader, collect, newChatId, newTransport, readUIMessageStream, sessions } from "../lib/chats.mjs";
import { Page, shown } from "../lib/page.mjs";
import { call, inRecords, textOf } from "../lib/records.mjs";
import { isModern, javaAgent } from "../lib/target.mjs";
import { eventually } from "../lib/waiting.mjs";

const VERSIONS = `${javaAgent}-versions`;
const ERROR_TEXT = "An error occurred.";
const UMBRELLA = [
    "I look it up.",
    { tool: "weather", state: "output-available", input: { city: "Oslo" }, output: { sky: "rain" } },
    "Take an umbrella.",
];
// For all cases of a group together; one that hangs does not hold up the build.
const timeout = 180_000;
const clientData = { user: "Ada", basket: 3 };

const required = process.env.BATON_INTEROP_REQUIRED === "true";
const skip = !javaAgent && !required && "no agent named by BATON_INTEROP_JAVA_AGENT: NpmInteropTest brings one";
if (skip) {
    console.log(`SKIPPED: ${skip}, so the cases with an agent in Java did not run`);
}

describe("a page with useChat and TriggerChatTransport, and an agent in Java", { skip, timeout }, () => {
    test("text: each message has one answer, and the page shows what is stored (features #349, contract §5.3)", async (t) => {
        const { page } = newPage(t);

        await page.say("hello");
        const seen = await page.say("again");

        assert.deepEqual(seen, [
            { user: ["hello"] },
            { assistant: ["You said: hello. That is message 1."] },
            { user: ["again"] },
            { assistant: ["You said: again. That is message 2."] },
        ]);
        await assertStored(page);
        assert.deepEqual(await reasons(page.id), ["initial"]);
    });

    test("regenerate: the last answer is replaced (features #274)", async (t) => {
        const { page } = newPage(t);
        await page.say("hello");
        await page.say("weather Oslo");

        await page.regenerate();

        assert.deepEqual((await page.settled()).slice(2), [{ user: ["weather Oslo"] }, { assistant: UMBRELLA }]);
        await assertStored(page);
    });

    test("client data: the agent knows it, from the start of the session and of each message (features #290)", async (t) => {
        const { page } = newPage(t);
        await page.say("whoami");

        await page.sendMessage({ text: "whoami" }, { metadata: { basket: 4 } });

        const answers = (await page.settled()).flatMap(({ assistant }) => assistant ?? []);
        assert.deepEqual(answers, ["You are Ada with 3 things.", "You are Ada with 4 things."]);
    });

    test("client data that does not fit is an error the page may show (features #335)", async (t) => {
        const { page } = newPage(t, { clientData: { user: "Ada", basket: "full" } });

        const seen = await page.say("hello");

        assert.equal(page.status, "error");
        assert.equal(page.error.message, "This agent cannot read the client data it was sent.");
        assert.deepEqual(seen, [{ user: ["hello"] }]);
    });

    test("tool: a call that the agent executes stands between its texts, in one message (features #119)", async (t) => {
        const { page } = newPage(t);

        const seen = await page.say("weather Oslo");

        assert.deepEqual(seen, [{ user: ["weather Oslo"] }, { assistant: UMBRELLA }]);
        // A page that answers calls by itself must not take this one for its user's and send it back.
        assert.equal((await inRecords(page.id)).length, 1);
        await assertStored(page);
    });

    for (const approved of [true, false]) {
        test(`approval: ${approved ? "granted" : "denied"}, the same message goes on (features #271)`, async (t) => {
            const { page } = newPage(t);
            const input = { item: "cake" };
            const asked = await page.say("buy cake");
            const { id } = page.lastMessage;

            await page.addToolApprovalResponse({ id: page.toolCall.approval.id, approved });
            const seen = await page.settled();

            const waiting = { tool: "buy", state: "approval-requested", input };
            assert.deepEqual(asked, [{ user: ["buy cake"] }, { assistant: ["That costs money.", waiting] }]);
            const end = approved
                ? [{ tool: "buy", state: "output-available", input, output: { bought: "cake" } }, "It is yours."]
                : [{ tool: "buy", state: "output-denied", input }, "Then not."];
            assert.deepEqual(seen, [{ user: ["buy cake"] }, { assistant: ["That costs money.", ...end] }]);
            assert.equal(page.lastMessage.id, id);
            await assertStored(page);
            assert.deepEqual((await page.say("thanks")).at(-1), {
                assistant: ["You said: thanks. That is message 2."],
            });
        });
    }

    test("client tool: what the page finds out goes on with the same message (features #270)", async (t) => {
        const { page } = newPage(t, {}, (self) => ({
            onToolCall: ({ toolCall: { toolName, toolCallId } }) =>
                void self().addToolOutput({ tool: toolName, toolCallId, output: { city: "Oslo" } }),
        }));
        const input = { precision: "city" };

        await page.say("locate me");
        await page.text("You are in");
        const seen = await page.settled();

        const found = { tool: "locate", state: "output-available", input, output: { city: "Oslo" } };
        assert.deepEqual(seen, [{ user: ["locate me"] }, { assistant: [found, "You are in Oslo."] }]);
        await assertStored(page);
    });

    test("client tool: beside a call that the agent has executed, with words behind both (features #270)", async (t) => {
        const { page } = newPage(t);
        const asked = await page.say("guide me");
        const { toolCallId } = page.lastMessage.parts.find((part) => part.type === "tool-locate");

        await page.addToolOutput({ tool: "locate", toolCallId, output: { city: "Oslo" } });
        const seen = await page.settled();

        const states = (messages) => messages.at(-1).assistant.map((part) => part.state ?? part);
        assert.deepEqual(states(asked), ["output-available", "input-available", "Where are you?"]);
        assert.deepEqual(states(seen), ["output-available", "output-available", "Where are you?", "You are in Oslo."]);
        assert.equal(seen.length, 2);
        await assertStored(page);
    });

    test("client tool: a page that cannot say so later, with an error (features #270)", async (t) => {
        const { page } = newPage(t);
        await page.say("locate me");
        const { toolCallId } = page.toolCall;

        await page.addToolOutput({ tool: "locate", toolCallId, state: "output-error", errorText: "no satellite" });
        const seen = await page.settled();

        const failed = { tool: "locate", state: "output-error", input: { precision: "city" }, errorText: "no satellite" };
        assert.deepEqual(seen.at(-1), { assistant: [failed, "Then I do not know where you are."] });
        assert.equal(seen.length, 2);
        await assertStored(page);
    });

    test("action: done without an answer, or answered in a message of its own (features #231, #304)", async (t) => {
        const { page, transport } = newPage(t);
        await page.say("hello");

        const renamed = await collect(await transport.sendAction(page.id, { type: "rename", title: "Shopping" }));
        const announced = await collect(await transport.sendAction(page.id, { type: "announce", title: "Gifts" }));
        const seen = await page.say("list");

        assert.deepEqual(renamed, []);
        assert.deepEqual(shown(await messagesOf(announced)), [{ assistant: ["The shop opens a list: Gifts."] }]);
        assert.deepEqual(seen.slice(2), [{ user: ["list"] }, { assistant: ["Your list: Shopping"] }]);
        // The page did not ask for the announcement through its chat, so only the history has it.
        assert.deepEqual(shown(await stored(page.id)), [
            ...seen.slice(0, 2),
            { assistant: ["The shop opens a list: Gifts."] },
            ...seen.slice(2),
        ]);
    });

    test("action: sent as useChatActions does, it leaves the page as it is (features #304)", {
        skip: !isModern && "4.5.0 has no actions in useChat",
    }, async (t) => {
        const { page } = newPage(t);
        const before = await page.say("hello");

        await page.sendMessage(undefined, { body: { action: { type: "rename", title: "Shopping" } } });

        assert.deepEqual(await page.settled(), before);
        assert.deepEqual((await page.say("list")).at(-1), { assistant: ["Your list: Shopping"] });
    });

    test("action: one that fails or is unknown tells nothing internal (features #334, #335)", async (t) => {
        const { page, transport } = newPage(t);
        await page.say("hello");

        const failed = await collect(await transport.sendAction(page.id, { type: "refuse" }));
        const unreadable = await collect(await transport.sendAction(page.id, { title: "no type" }));

        assert.deepEqual(failed, [{ type: "error", errorText: ERROR_TEXT }]);
        assert.deepEqual(unreadable, [{ type: "error", errorText: "This agent cannot read the action data it was sent." }]);
    });

    test("stop: the words so far stay, and the next message is answered without leftovers (features #301)", async (t) => {
        const { page } = newPage(t);
        const sent = page.sendMessage({ text: "count 400" });
        await page.text("1 2 3 ");
        const out = await OutReader.open(t, page.id);

        await page.stop();
        await sent;

        const [, { assistant }] = await page.settled();
        const turn = await out.turn(1);
        const next = await page.say("hello");
        const counted = assistant[0].open;
        assert.ok(counted.startsWith("1 2 3 ") && !counted.includes(" 399 "), counted);
        assert.ok(turn.text.startsWith(counted) && !turn.text.includes(" 399 "), turn.text);
        assert.equal(turn.chunks.at(-1).type, "abort");
        assert.deepEqual(next.slice(2), [
            { user: ["hello"] },
            { assistant: ["You said: hello. That is message 2."] },
        ]);
        assert.deepEqual(shown(await stored(page.id)).map(Object.keys).flat(), ["user", "assistant", "user", "assistant"]);
    });

    test("reload in mid-answer: another page shows the whole answer, once (features #296, #297)", async (t) => {
        const { page, transport, saved } = newPage(t);
        const sent = page.sendMessage({ text: "count 60" });
        await page.text("1 2 3 ");

        // In 4.5.0 the cursor moves with every chunk; what the application got at the begin of the turn is kept here.
        const session = isModern ? structuredClone(transport.getSession(page.id)) : saved.find((s) => s.isStreaming);
        const { page: reloaded } = newPage(t, { sessions: { [page.id]: session } }, undefined, {
            chatId: page.id,
            messages: page.messages.slice(0, 1),
        });
        await reloaded.resumeStream();
        await sent;

        assert.equal(reloaded.status, "ready");
        assert.deepEqual(shown(reloaded.messages), shown(page.messages));
        assert.ok(shown(reloaded.messages)[1].assistant[0].endsWith(" 59 60 "));
        await assertStored(reloaded);
        assert.deepEqual(await reasons(page.id), ["initial"]);
    });

    test("upgrade: the new version answers the same message on the open stream (features #142, contract §6.3)", async (t) => {
        await promote("1");
        const { page, streams } = newPage(t, { task: VERSIONS });
        await page.say("hello");
        await promote("2");
        const opened = streams.length;

        const seen = await page.say("upgrade first");

        assert.deepEqual(seen.slice(2), [{ user: ["upgrade first"] }, { assistant: ["Version 2 answers."] }]);
        assert.equal(streams.length, opened + 1);
        assert.deepEqual((await page.say("and now")).at(-1), { assistant: ["You said: and now. That is message 3."] });
        await assertStored(page);
        assert.deepEqual(await reasons(page.id), ["initial", "upgrade"]);
    });

    test("error: the page shows words without anything internal, and the chat goes on (features #332, #334)", async (t) => {
        const { page } = newPage(t);

        await page.say("fail");
        const { status, error } = page;
        const seen = await page.say("hello");

        assert.deepEqual([status, error.message], ["error", ERROR_TEXT]);
        assert.equal(page.status, "ready");
        assert.deepEqual(seen.at(-1), { assistant: ["You said: hello. That is message 2."] });
        const out = await call("GET", `/realtime/v1/sessions/${page.id}/out/records`);
        assert.ok(!JSON.stringify(out).includes("jdbc"), "nothing internal is on the channel");
    });
});

describe("AgentChat and an agent in Java", { skip, timeout }, () => {
    test("text and client data (features #290, #308, contract §5.5)", async (t) => {
        const chat = newChat(t);

        const first = await (await chat.sendMessage("hello")).text();
        const second = await (await chat.sendMessage("whoami")).result();

        assert.equal(first, "You said: hello. That is message 1.");
        assert.deepEqual(second, { text: "You are Ada with 3 things.", toolCalls: [], toolResults: [] });
        assert.deepEqual(await reasons(chat.id), ["initial"]);
    });

    test("tool: the call and what came of it (features #309)", async (t) => {
        const chat = newChat(t);

        const { text, toolCalls, toolResults } = await (await chat.sendMessage("weather Oslo")).result();

        assert.equal(text, "I look it up.Take an umbrella.");
        assert.deepEqual(toolCalls.map((made) => [made.toolName, made.input]), [["weather", { city: "Oslo" }]]);
        assert.deepEqual(toolResults, [{ toolCallId: toolCalls[0].toolCallId, output: { sky: "rain" } }]);
    });

    for (const approved of [true, false]) {
        test(`approval: ${approved ? "granted" : "denied"}, as a message with the answer (features #271)`, async (t) => {
            const chat = newChat(t);
            const asked = (await messagesOf(await collect((await chat.sendMessage("buy cake")).stream))).at(-1);
            const parts = asked.parts.map((part) =>
                part.state === "approval-requested"
                    ? { ...part, state: "approval-responded", approval: { ...part.approval, approved } }
                    : part,
            );

            const rest = await collect(await chat.sendRaw([{ ...asked, parts }]));

            assert.equal(textOf(rest), approved ? "It is yours." : "Then not.");
            assert.equal(rest.find((chunk) => chunk.type === "start").messageId, asked.id);
            const tool = rest.find((chunk) => chunk.type.startsWith("tool-"));
            assert.equal(tool.type, approved ? "tool-output-available" : "tool-output-denied");
            assert.deepEqual((await stored(chat.id)).map(({ role }) => role), ["user", "assistant"]);
        });
    }

    test("action: done without an answer, or answered (features #231)", async (t) => {
        const chat = newChat(t);
        await (await chat.sendMessage("hello")).text();

        const renamed = await (await chat.sendAction({ type: "rename", title: "Shopping" })).text();
        const announced = await (await chat.sendAction({ type: "announce", title: "Gifts" })).text();

        assert.deepEqual([renamed, announced], ["", "The shop opens a list: Gifts."]);
        assert.equal(await (await chat.sendMessage("list")).text(), "Your list: Shopping");
    });

    test("steer: answered in a turn of its own behind the one that runs (features #308)", async (t) => {
        const chat = newChat(t);
        const stream = await chat.sendMessage("count 20");
        const all = await OutReader.open(t, chat.id);
        await all.delta(3);

        const accepted = await chat.steer("also this");

        assert.equal(accepted, true);
        assert.ok((await stream.text()).endsWith(" 19 20 "));
        assert.equal((await all.turn(2)).text, "You said: also this. That is message 2.");
    });

    test("stop: the turn ends, and the next message is answered without leftovers (features #301)", async (t) => {
        const chat = newChat(t);
        const stream = await chat.sendMessage("count 400");
        const all = await OutReader.open(t, chat.id);
        await all.delta(5);

        await chat.stop();

        const turn = await all.turn(1);
        assert.ok(turn.text.startsWith("1 2 3 ") && !turn.text.includes(" 399 "), turn.text);
        assert.equal(turn.chunks.at(-1).type, "abort");
        if (isModern) {
            await collect(stream.stream);
            assert.equal(await (await chat.sendMessage("hello")).text(), "You said: hello. That is message 2.");
        } else {
            // Its stream does not end with the stopped turn but carries the next one (contract §14).
            const reading = stream.text();
            await chat.steer("hello");
            assert.ok((await reading).endsWith("You said: hello. That is message 2."));
        }
    });

    test("upgrade: the new version answers the same message on the open stream (features #142)", async (t) => {
        await promote("1");
        const chat = newChat(t, { agent: VERSIONS });
        await (await chat.sendMessage("hello")).text();
        await promote("2");

        const text = await (await chat.sendMessage("upgrade first")).text();

        assert.equal(text, "Version 2 answers.");
        assert.deepEqual(await reasons(chat.id), ["initial", "upgrade"]);
    });

    test("close: the run leaves, and a later message goes on with the history (features #308, contract §6.3)", async (t) => {
        const chat = newChat(t);
        await (await chat.sendMessage("hello")).text();

        assert.equal(await chat.close(), true);
        await eventually("the end of the run", async () => (await runs(chat.id))[0].outcome === "completed");
        const text = await (await chat.sendMessage("back again")).text();

        assert.equal(text, "You said: back again. That is message 2.");
        assert.deepEqual(await reasons(chat.id), ["initial", "continuation"]);
    });

    test("error: told without anything internal, and the chat goes on (features #332, #334)", async (t) => {
        const chat = newChat(t);

        const failed = await collect((await chat.sendMessage("fail")).stream);
        const next = await (await chat.sendMessage("hello")).text();

        assert.deepEqual(failed, [{ type: "error", errorText: ERROR_TEXT }]);
        assert.equal(next, "You said: hello. That is message 2.");
    });

    function newChat(t, options = {}) {
        const chat = new AgentChat({ agent: javaAgent, id: newChatId(), clientData, ...options });
        t.after(() => sessions.close(chat.id).catch(() => undefined));
        return chat;
    }
});

/**
 * A page and what its application keeps: `saved` has every state of the session it was told of, `streams` the addresses of the
 * streams that were opened. `wiring` gets a way to the page, for handlers that call it.
 */
function newPage(t, { task = javaAgent, ...options } = {}, wiring = () => ({}), { chatId = newChatId(), messages } = {}) {
    const saved = [];
    const streams = [];
    const { transport } = newTransport(t, task, {
        clientData,
        onSessionChange: (_, session) => void saved.push(structuredClone(session)),
        fetch: (input, init, { endpoint }) => {
            if (endpoint === "out") {
                streams.push(input);
            }
            return fetch(input, init);
        },
        ...options,
    });
    const page = new Page(chatId, transport, { messages, ...wiring(() => page) });
    return { page, transport, saved, streams };
}

/** The messages that a reader of these chunks has in the end. */
async function messagesOf(chunks) {
    const messages = new Map();
    for await (const message of readUIMessageStream({ stream: ReadableStream.from(chunks) })) {
        messages.set(message.id, message);
    }
    return [...messages.values()];
}

/** The page and the server have the same messages, with the same ids, in the same order. */
async function assertStored(page) {
    const messages = await stored(page.id);
    assert.deepEqual(shown(messages), shown(page.messages));
    assert.deepEqual(messages.map(({ id }) => id), page.messages.map(({ id }) => id));
}

async function stored(chatId) {
    return (await call("GET", `/api/v1/sessions/${chatId}/transcript`)).messages;
}

async function runs(chatId) {
    return (await call("GET", `/api/v1/sessions/${chatId}/runs`)).data;
}

/** Why there were runs, oldest first. */
async function reasons(chatId) {
    return (await runs(chatId)).map(({ reason }) => reason).reverse();
}

/** Makes a version the current one, as an operator does (docs/WORKERS.md); both have their workers. */
async function promote(version) {
    await call("POST", `/api/v1/workers/versions/${version}/promote`, { task: VERSIONS });
}
