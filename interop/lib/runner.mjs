// An ordinary Baton worker (docs/PROTOCOL.md §5) that executes real chat.agent runs. A process has one run at a time,
// and gets another one only when the last ended well.
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";

import { outRecords } from "./records.mjs";
import { secretKey, url } from "./target.mjs";
import { PATIENCE_MS, eventually } from "./waiting.mjs";

const SLOTS = 16;
const DEQUEUE_WAIT_SECONDS = 20;
const HEARTBEAT_MS = 1_000;
const RETRY_MS = 200;
const RUN_PROCESS = new URL("run-process.mjs", import.meta.url);

export class Runner {
    #workerId = `interop-${randomUUID()}`;
    #stopping = new AbortController();
    /** By run id: {run, process, lastOutSeq}. */
    #live = new Map();
    /** Processes that have loaded the packages, which takes seconds, and wait for a run. */
    #idle = [];
    #loops = [];
    /** Everything that happened to runs, in order: {type, runId, chatId, …}. */
    events = [];

    /** @param credential what agents speak to Baton with: `run-token` or `secret-key` */
    constructor({ task = `interop-${randomUUID()}`, credential = "run-token" } = {}) {
        this.task = task;
        this.credential = credential;
    }

    static async start(options) {
        const runner = new Runner(options);
        runner.#idle = await Promise.all([warmProcess(), warmProcess()]);
        runner.#loops = [runner.#dequeueLoop(), runner.#heartbeatLoop()];
        return runner;
    }

    /** Waits for an event; earlier ones count. */
    until(type, chatId, wanted = () => true, patienceMs = PATIENCE_MS) {
        const find = () => this.events.find((e) => e.type === type && e.chatId === chatId && wanted(e));
        return eventually(`"${type}" of a run of ${chatId}`, find, patienceMs);
    }

    /** Ids of the runs that a chat has had here, in order. */
    runsOf(chatId) {
        return this.events.filter((e) => e.type === "started" && e.chatId === chatId).map((e) => e.runId);
    }

    /** Like kill -9 of the process that executes the chat's run. */
    killRunOf(chatId) {
        [...this.#live.values()].find(({ run }) => run.chatId === chatId).process.kill("SIGKILL");
    }

    async stop() {
        this.#stopping.abort();
        for (const { run, process } of this.#live.values()) {
            process?.removeAllListeners();
            process?.kill("SIGKILL");
            await this.#report(run, "complete", { outcome: "cancelled", firstTurnSettled: false });
        }
        this.#idle.forEach((process) => process.kill("SIGKILL"));
        await Promise.all(this.#loops);
    }

    async #dequeueLoop() {
        while (!this.#stopping.signal.aborted) {
            const slots = SLOTS - this.#live.size;
            const body = { ...this.#identity(), slots, waitSeconds: DEQUEUE_WAIT_SECONDS };
            const answer = slots > 0 ? await this.#call("/api/v1/workers/dequeue", body) : undefined;
            for (const run of answer?.runs ?? []) {
                this.#execute(run).catch((error) => this.#broken(run, error));
            }
            if (!answer) {
                await this.#rest(RETRY_MS);
            }
        }
    }

    async #heartbeatLoop() {
        while (!this.#stopping.signal.aborted) {
            const answer = await this.#call("/api/v1/workers/heartbeat", {
                ...this.#identity(),
                runs: [...this.#live.keys()],
            });
            for (const runId of answer?.cancel ?? []) {
                this.#live.get(runId)?.process?.send({ type: "cancel" });
            }
            await this.#rest(HEARTBEAT_MS);
        }
    }

    async #execute(run) {
        const live = { run };
        // Before anything that takes time: a run that a heartbeat does not name counts as crashed.
        this.#live.set(run.runId, live);
        live.process = this.#idle.pop() ?? (await warmProcess());
        if (this.#stopping.signal.aborted) {
            live.process.kill("SIGKILL");
            return;
        }
        live.lastOutSeq = (await outRecords(run.chatId)).at(-1)?.seqNum ?? -1;
        live.process.on("message", (message) => this.#heard(live, message));
        live.process.on("exit", () => this.#heard(live, { type: "ended", outcome: "failed", error: "process died" }));
        await this.#report(run, "start", {});
        this.#record(live, "started", { reason: run.reason, payload: run.payload });
        live.process.send({ type: "run", run, credential: this.credential });
    }

    #heard(live, message) {
        if (message.type !== "ended") {
            this.#record(live, message.type);
        } else if (this.#live.has(live.run.runId)) {
            this.#finish(live, message).catch((error) => this.#broken(live.run, error));
        }
    }

    async #finish(live, { outcome, error, consumed }) {
        const turns = (await outRecords(live.run.chatId)).filter((record) => record.control === "turn-complete");
        const cursor = Math.max(Number(turns.at(-1)?.headers["session-in-event-id"] ?? -1), consumed ?? -1);
        await this.#report(live.run, "complete", {
            outcome,
            settledInSeq: cursor < 0 ? null : cursor,
            firstTurnSettled: turns.some((turn) => turn.seqNum > live.lastOutSeq),
            error: error?.slice(0, 500),
        });
        this.#live.delete(live.run.runId);
        live.process.removeAllListeners();
        if (outcome === "completed" && !this.#stopping.signal.aborted) {
            this.#idle.push(live.process);
        } else {
            live.process.kill("SIGKILL");
        }
        this.#record(live, "ended", { outcome, error });
    }

    /** Baton could not be asked about a run. It is dropped: to Baton it has crashed. */
    #broken(run, error) {
        this.#live.get(run.runId)?.process?.removeAllListeners().kill("SIGKILL");
        this.#live.delete(run.runId);
        this.events.push({ type: "broken", runId: run.runId, chatId: run.chatId, error: String(error) });
    }

    #record(live, type, more = {}) {
        this.events.push({ type, runId: live.run.runId, chatId: live.run.chatId, ...more });
    }

    #report(run, what, body) {
        const { workerId, task } = this.#identity();
        return this.#call(`/api/v1/runs/${run.runId}/attempts/${run.attempt}/${what}`, { workerId, task, ...body });
    }

    #identity() {
        return { workerId: this.#workerId, task: this.task, version: "interop" };
    }

    /** Undefined when there was no good answer: the loops ask again, and a lost report shows as a crash. */
    async #call(path, body) {
        try {
            const response = await fetch(url + path, {
                method: "POST",
                headers: { Authorization: `Bearer ${secretKey}`, "Content-Type": "application/json" },
                body: JSON.stringify(body),
                signal: path.endsWith("/dequeue") ? this.#stopping.signal : AbortSignal.timeout(PATIENCE_MS),
            });
            const answer = await response.json();
            if (!response.ok) {
                this.events.push({ type: "refused", path, status: response.status, answer });
            }
            return response.ok ? answer : undefined;
        } catch (error) {
            this.events.push({ type: "unreachable", path, error: String(error) });
            return undefined;
        }
    }

    #rest(ms) {
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, ms);
            this.#stopping.signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
        });
    }
}

function warmProcess() {
    const errors = process.env.BATON_INTEROP_VERBOSE ? "inherit" : "ignore";
    const child = fork(RUN_PROCESS, { stdio: ["ignore", "ignore", errors, "ipc"] });
    return new Promise((resolve, reject) => {
        child.once("message", () => resolve(child));
        child.once("exit", (code) => reject(new Error(`expected a warm run process, but it exited with ${code}`)));
    });
}
