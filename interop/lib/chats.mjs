// What the cases share: configured clients, fresh chats, readers of streams.
import { randomUUID } from "node:crypto";
import { after } from "node:test";

import { textOf } from "./records.mjs";
import { clients, isModern, secretKey, url } from "./target.mjs";
import { eventually, within } from "./waiting.mjs";

const READ_SECONDS = 120;
const LINGER_MS = 1_000;

export const {
    AbstractChat,
    AgentChat,
    TriggerChatTransport,
    auth,
    chat,
    configure,
    lastAssistantMessageIsCompleteWithApprovalResponses,
    lastAssistantMessageIsCompleteWithToolCalls,
    readUIMessageStream,
    sessions,
} = await clients();

// The clients leave connections and timers behind, as in a browser tab that is gone. They must not keep this process.
after(() => setTimeout(() => process.exit(), LINGER_MS).unref());

configure({ baseURL: url, accessToken: secretKey });

export const newChatId = (suffix = "") => `interop-${randomUUID()}${suffix}`;

export function userMessage(text) {
    return { id: `m-${randomUUID()}`, role: "user", parts: [{ type: "text", text }] };
}

/** What a browser puts on `.in` for a user message (contract §5.4). */
export function submit(chatId, text) {
    const message = userMessage(text);
    return { kind: "message", payload: { chatId, trigger: "submit-message", message, metadata: {} } };
}

/** Starts a session whose run waits for the first message; it is closed after the test, which also ends its run. */
export async function startChat(t, task, { chatId = newChatId(), basePayload = {}, ...triggerConfig } = {}) {
    const session = await sessions.start({
        type: "chat.agent",
        externalId: chatId,
        taskIdentifier: task,
        triggerConfig: { ...triggerConfig, basePayload: { chatId, trigger: "preload", metadata: {}, ...basePayload } },
    });
    t.after(() => sessions.close(chatId, { reason: "test over" }));
    return { chatId, session, send: (text) => sessions.open(chatId).in.send(submit(chatId, text)) };
}

export function accessToken(chatId, expirationTime) {
    const scopes = { read: { sessions: chatId }, write: { sessions: chatId } };
    return auth.createPublicToken({ scopes, expirationTime });
}

/** A transport as an application builds it; `calls` counts what it asked of the application's server. */
export function newTransport(t, task, { triggerConfig, ...options } = {}) {
    const calls = { startSession: 0, accessToken: 0 };
    const start = chat.createStartSessionAction(task, { triggerConfig });
    const transport = new TriggerChatTransport({
        task,
        baseURL: url,
        startSession: async ({ chatId, clientData }) => {
            calls.startSession++;
            const started = await start({ chatId, clientData });
            t.after(() => sessions.close(chatId));
            return started;
        },
        accessToken: ({ chatId }) => {
            calls.accessToken++;
            return accessToken(chatId);
        },
        ...options,
    });
    return { transport, calls };
}

export function sendText(transport, chatId, text) {
    return transport.sendMessages({
        trigger: "submit-message",
        chatId,
        messageId: undefined,
        messages: [userMessage(text)],
        abortSignal: undefined,
    });
}

/** All chunks of a stream until it ends. */
export async function collect(stream, patienceMs) {
    const chunks = [];
    await within("the end of a stream", readInto(chunks, stream.getReader(), () => false), patienceMs);
    return chunks;
}

/** Reads until `n` text deltas have come; the stream stays open and goes on with the next read. */
export async function takeDeltas(reader, n) {
    const chunks = [];
    const enough = () => chunks.filter((chunk) => chunk.type === "text-delta").length >= n;
    await within(`${n} text deltas`, readInto(chunks, reader, enough));
    return chunks;
}

async function readInto(chunks, reader, enough) {
    while (!enough()) {
        const { done, value } = await reader.read();
        if (done) {
            return;
        }
        chunks.push(value);
    }
}

/** Follows `.out` through the client library from the beginning: every record once, whatever is trimmed later. */
export class OutReader {
    #abort = new AbortController();
    /** {seq, chunk} or {seq, control, headers}, in order. */
    records = [];

    static async open(t, session, lastEventId) {
        const reader = new OutReader();
        t.after(() => reader.#abort.abort());
        const stream = await sessions.open(session).out.read({
            signal: reader.#abort.signal,
            lastEventId,
            timeoutInSeconds: READ_SECONDS,
            // It hears of control records too: they carry no chunk.
            onPart: ({ id, chunk }) => chunk !== undefined && reader.records.push({ seq: Number(id), chunk }),
            onControl: ({ subtype, headers, seqNum }) =>
                reader.records.push({ seq: seqNum, control: subtype, headers: Object.fromEntries(headers) }),
        });
        readInto([], stream.getReader(), () => false).catch(() => undefined);
        return reader;
    }

    chunks() {
        return this.records.filter((record) => record.chunk).map((record) => record.chunk);
    }

    /** Finished turns: {text, chunks, headers, seq of the end}. */
    turns() {
        const turns = [];
        let chunks = [];
        for (const record of this.records) {
            if (record.control === "turn-complete") {
                turns.push({ text: textOf(chunks), chunks, headers: record.headers, seq: record.seq });
                chunks = [];
            } else if (record.chunk) {
                chunks.push(record.chunk);
            }
        }
        return turns;
    }

    /** The n-th turn, from 1. */
    turn(n) {
        return eventually(`turn ${n}`, () => this.turns()[n - 1]);
    }

    control(subtype) {
        return eventually(`a control record ${subtype}`, () => this.records.find((r) => r.control === subtype));
    }

    delta(n) {
        const deltas = () => this.chunks().filter((chunk) => chunk.type === "text-delta");
        return eventually(`${n} text deltas`, () => deltas().length >= n);
    }
}

/** In 4.5.0 `waitUntilComplete` answers the exclusive end of the last acknowledgement (contract §14). */
export function lastWritten({ lastEventId }) {
    return Number(lastEventId) - (isModern ? 0 : 1);
}
