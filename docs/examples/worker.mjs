// A whole worker in plain Node (18 or newer), without packages: docs/WORKERS.md explains every step.
// BATON_URL, BATON_SECRET_KEY and BATON_TASK say where, as whom and for which task.
import { randomUUID } from "node:crypto";

const { BATON_URL: gateway, BATON_SECRET_KEY: secretKey, BATON_TASK: task = "node-echo" } = process.env;
const me = { workerId: `node-${randomUUID()}`, task, version: "1" };
const SLOTS = 8, IDLE_MS = 10_000, LOOK_MS = 200;
const live = new Map(); // run id -> {cancelled, waiting}
const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));

async function call(method, url, key, body) {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw Object.assign(new Error(`${url}: ${answer.status}`), { status: answer.status });
    return { headers: answer.headers, json: await answer.json() };
}
const post = (path, body) => call("POST", gateway + path, secretKey, body).then(({ json }) => json);

async function heartbeats(everyMs) {
    for (;; await sleep(everyMs)) {
        const waiting = [...live].filter(([, run]) => run.waiting).map(([id]) => id);
        const { cancel } = await post("/api/v1/workers/heartbeat", { ...me, runs: [...live.keys()], waiting })
            .catch(() => ({ cancel: [] }));
        cancel.filter((id) => live.has(id)).forEach((id) => (live.get(id).cancelled = true));
    }
}

async function execute(run) {
    const state = { cancelled: false, waiting: false };
    live.set(run.runId, state); // before anything that takes time: heartbeats must name it
    const path = `/api/v1/runs/${run.runId}/attempts/${run.attempt}`;
    const end = { workerId: me.workerId, task, outcome: "completed", settledInSeq: null, firstTurnSettled: false };
    try {
        await post(`${path}/start`, { workerId: me.workerId, task });
        await converse(run, state, end);
        if (state.cancelled) end.outcome = "cancelled";
    } catch (error) {
        if (error.status === 409) return live.delete(run.runId); // in other hands: say nothing
        Object.assign(end, { outcome: "failed", error: error.message });
    }
    await post(`${path}/complete`, end).catch(() => {}); // to Baton it has crashed then: a successor comes
    live.delete(run.runId);
}

async function converse(run, state, end) {
    const channel = `${run.apiUrl}/realtime/v1/sessions/${encodeURIComponent(run.chatId)}`;
    const { headers } = await call("PUT", `${channel}/out`, run.runToken); // the run token is fenced with its run
    const out = `${headers.get("x-s2-endpoint")}/streams/${headers.get("x-s2-stream-name")}/records`;
    const write = (records) => call("POST", out, headers.get("x-s2-access-token"), { records });
    const done = await call("GET", `${channel}/out/records`, run.runToken); // where did the runs before me end?
    const turns = done.json.records.map(({ headers: h }) => Object.fromEntries(h ?? []));
    let cursor = Math.max(-1, ...turns.map((turn) => Number(turn["session-in-event-id"] ?? -1)));
    if (run.payload.message) {
        await write(answer(run.payload.message, cursor));
        end.firstTurnSettled = true;
    }
    for (let idleSince = Date.now(); !state.cancelled && Date.now() - idleSince < IDLE_MS; await sleep(LOOK_MS)) {
        const after = cursor < 0 ? "" : `?afterEventId=${cursor}`;
        const { json } = await call("GET", `${channel}/in/records${after}`, run.runToken);
        state.waiting = json.records.length === 0;
        for (const { data, seqNum } of json.records) {
            const input = typeof data === "string" ? JSON.parse(data) : data;
            cursor = seqNum;
            if (input.kind === "message") await write(answer(input.payload.message, seqNum));
            end.settledInSeq = seqNum;
            idleSince = Date.now();
        }
    }
}

function answer(message, inSeq) {
    const text = message.parts.map((part) => part.text ?? "").join("");
    const chunks = [{ type: "start", messageId: randomUUID() }, { type: "text-start", id: "t" },
        { type: "text-delta", id: "t", delta: `Node says: ${text}` }, { type: "text-end", id: "t" }, { type: "finish" }];
    const closing = { body: "", headers: [["trigger-control", "turn-complete"], ["session-in-event-id", `${inSeq}`]] };
    if (inSeq < 0) closing.headers.pop();
    return [...chunks.map((data) => ({ body: JSON.stringify({ data, id: randomUUID() }) })), closing];
}

const { heartbeatMs } = await post("/api/v1/workers/register", { ...me, capacity: SLOTS });
heartbeats(heartbeatMs);
for (;;) {
    const ask = { ...me, slots: SLOTS - live.size, waitSeconds: 20 };
    const { runs } = ask.slots > 0 ? await post("/api/v1/workers/dequeue", ask).catch(() => ({ runs: [] })) : { runs: [] };
    runs.forEach(execute);
    if (runs.length === 0) await sleep(LOOK_MS);
}
