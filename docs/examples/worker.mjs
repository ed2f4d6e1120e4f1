// A whole worker in plain Node (18 or newer), without packages: docs/WORKERS.md explains every step.
import { randomUUID } from "node:crypto";
const { BATON_URL: gateway, BATON_SECRET_KEY: secretKey, BATON_TASK: task = "node-echo" } = process.env;
const me = { workerId: `node-${randomUUID()}`, task, version: "1" };
const SLOTS = 8, IDLE_MS = 10_000, LOOK_MS = 200;
let draining = false, live = new Map(); // run id -> {cancelled, idleMs}
const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
async function call(method, url, key, body) {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw Object.assign(new Error(`${url}: ${answer.status}`), { status: answer.status });
    return { headers: answer.headers, ...(await answer.json()) };
}
const post = (path, body) => call("POST", gateway + path, secretKey, { ...me, ...body });
async function heartbeat() {
    const runs = [...live.keys()], waiting = runs.filter((id) => live.get(id).idleMs > 0);
    const said = await post("/api/v1/workers/heartbeat", { runs, waiting }).catch(() => ({ cancel: [], drain: draining }));
    draining = said.drain;
    for (const id of said.cancel) if (live.has(id)) live.get(id).cancelled = true;
}
async function execute(run) {
    const state = { cancelled: false, idleMs: 0 }, end = { outcome: "completed", firstTurnSettled: false };
    live.set(run.runId, state); // before anything that takes time: heartbeats must name it
    const say = (word, body) => post(`/api/v1/runs/${run.runId}/attempts/${run.attempt}/${word}`, body);
    if (!(await say("start").then(() => true, () => false))) return live.delete(run.runId); // in other hands: say nothing
    await converse(run, state, end).catch(({ status, message: error }) =>
        Object.assign(end, { outcome: status === 409 ? "cancelled" : "failed", error }));
    if (state.cancelled) end.outcome = "cancelled";
    await say("complete", end).catch(() => {}); // unheard, it has crashed for Baton: a successor comes
    console.log(run.runId, end.outcome);
    live.delete(run.runId);
}
async function converse(run, state, end) {
    const ask = (method, path) => call(method, // the run token is fenced with its run
        `${run.apiUrl}/realtime/v1/sessions/${encodeURIComponent(run.chatId)}${path}`, run.runToken);
    const { headers: to } = await ask("PUT", "/out");
    const out = `${to.get("x-s2-endpoint")}/streams/${to.get("x-s2-stream-name")}/records`;
    const reply = (message, seq) => call("POST", out, to.get("x-s2-access-token"), { records: answer(message, seq) });
    const ends = (await ask("GET", "/out/records")).records.map((r) => new Map(r.headers).get("session-in-event-id") ?? -1);
    let cursor = Math.max(-1, ...ends); // where the runs before this one ended
    if (run.payload.message) await reply(run.payload.message, cursor).then(() => (end.firstTurnSettled = true));
    for (; !state.cancelled && state.idleMs < IDLE_MS; await sleep(LOOK_MS)) {
        const { records } = await ask("GET", `/in/records${cursor < 0 ? "" : `?afterEventId=${cursor}`}`);
        state.idleMs = records.length === 0 ? state.idleMs + LOOK_MS : 0;
        for (const { data, seqNum } of records) {
            const { kind, payload } = typeof data === "string" ? JSON.parse(data) : data;
            if (kind === "message") await reply(payload.message, seqNum);
            end.settledInSeq = cursor = seqNum;
        }
    }
}
function answer(message, seq) {
    const delta = `Node says: ${message.parts.map((part) => part.text ?? "").join("")}`, id = "t";
    const chunks = [{ type: "start", messageId: randomUUID() }, { type: "text-start", id },
        { type: "text-delta", id, delta }, { type: "text-end", id }, { type: "finish" }];
    const headers = [["trigger-control", "turn-complete"], ["session-in-event-id", `${seq}`]].slice(0, seq < 0 ? 1 : 2);
    return [...chunks.map((data) => ({ body: JSON.stringify({ data, id: randomUUID() }) })), { body: "", headers }];
}
setInterval(heartbeat, (await post("/api/v1/workers/register", { capacity: SLOTS })).heartbeatMs).unref();
while (!draining || live.size > 0) { // drained: another version is current, and what was taken has ended
    const ask = !draining && live.size < SLOTS && post("/api/v1/workers/dequeue", { slots: SLOTS - live.size, waitSeconds: 20 });
    ((await Promise.resolve(ask).catch(() => null)) || (await sleep(LOOK_MS), { runs: [] })).runs.forEach(execute);
}
