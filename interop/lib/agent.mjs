// The agent under test: a real chat.agent with a model that answers by rule, so that a test knows every word.
//
//   "count N every MS"   the numbers 1 to N, one per MS milliseconds
//   "upgrade …"          the first run asks for a newer version in its place, the next one answers
//   "… and end"          answers, then ends the run
//   anything else        answer to "…" after [earlier user messages] with [actions of this run]
const WORD = /\S+\s*/g;
const COUNT = /^count (\d+) every (\d+)$/;
const USAGE = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
};

export function answer(text, earlier = [], actions = []) {
    return `answer to "${text}" after [${earlier.join("; ")}] with [${actions.join("; ")}]`;
}

export function counted(n) {
    return Array.from({ length: n }, (_, i) => `${i + 1} `).join("");
}

/** Defines the task. `notify` hears of suspensions. */
export function defineAgent({ chat, streamText, MockLanguageModelV3 }, id, idleTimeoutInSeconds, notify) {
    const actions = [];
    const model = new MockLanguageModelV3({
        doStream: async ({ prompt, abortSignal }) => ({ stream: reply(prompt, actions, abortSignal) }),
    });
    chat.agent({
        id,
        idleTimeoutInSeconds,
        actionSchema: (action) => action,
        onAction: async ({ action }) => void actions.push(action.type),
        // By default 4.5.0 takes a half answer for the answer. This agent answers again.
        onRecoveryBoot: async ({ inFlightUsers, settledMessages }) => ({
            chain: settledMessages,
            recoveredTurns: inFlightUsers,
        }),
        onChatSuspend: async () => notify("suspended"),
        onChatResume: async () => notify("resumed"),
        onTurnStart: async ({ uiMessages, continuation }) => {
            if (textOf(uiMessages.at(-1)).startsWith("upgrade") && !continuation) {
                chat.requestUpgrade();
            }
        },
        run: async ({ messages, signal }) => {
            if (textsOf(messages, "user").at(-1).endsWith("and end")) {
                chat.endRun();
            }
            return streamText({ model, messages, abortSignal: signal });
        },
    });
}

function reply(prompt, actions, abortSignal) {
    const texts = textsOf(prompt, "user");
    const last = texts.at(-1);
    const [, n, everyMs] = COUNT.exec(last) ?? [];
    const words = n ? counted(Number(n)).match(WORD) : answer(last, texts.slice(0, -1), actions).match(WORD);
    return ReadableStream.from(parts(words, Number(everyMs ?? 0), abortSignal));
}

async function* parts(words, everyMs, abortSignal) {
    yield { type: "stream-start", warnings: [] };
    yield { type: "text-start", id: "text" };
    for (const delta of words) {
        await pause(everyMs, abortSignal);
        yield { type: "text-delta", id: "text", delta };
    }
    yield { type: "text-end", id: "text" };
    yield { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage: USAGE };
}

// The pace of a model, not of a test.
function pause(ms, abortSignal) {
    abortSignal?.throwIfAborted();
    return ms === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms));
}

function textsOf(messages, role) {
    return messages.filter((message) => message.role === role).map(textOf);
}

function textOf(message) {
    const content = message?.parts ?? message?.content ?? [];
    return typeof content === "string"
        ? content
        : content.filter((part) => part.type === "text").map((part) => part.text).join("");
}
