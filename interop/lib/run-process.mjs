// Executes one run at a time: the packages keep their managers in globals. The parent sends runs and gets what happens;
// it ends this process.
import { defineAgent } from "./agent.mjs";
import { agentRuntime, secretKey } from "./target.mjs";

const IDLE_SECONDS = 30;
const WAITPOINT_POLL_MS = 100;

const runtime = await agentRuntime();
let cancellation;

process.on("message", (message) => {
    switch (message.type) {
        case "run":
            cancellation = new AbortController();
            execute(message.run, message.credential).then(
                (consumed) => tell({ type: "ended", outcome: "completed", consumed }),
                (error) => tell({ type: "ended", outcome: "failed", error: String(error?.stack ?? error) }),
            );
            break;
        case "cancel":
            cancellation?.abort();
            break;
    }
});
process.on("disconnect", () => process.exit(0));
tell({ type: "warm" });

function tell(message) {
    process.send?.(message);
}

/**
 * Answers the seq of the last input that the run has taken, or -1. A run that leaves by itself has dealt with all of
 * it, also with a request to close, which gets no turn, and with what a wait has delivered, which 4.5.0 writes nowhere.
 */
async function execute(run, credential) {
    const accessToken = credential === "secret-key" ? secretKey : run.runToken;
    const notify = (type) => tell({ type });
    // A task of its own for each run, since the idle time is fixed with the definition.
    const taskId = `${run.task}-${run.runId}`;
    defineAgent(runtime, taskId, run.payload.idleTimeoutInSeconds ?? IDLE_SECONDS, notify);
    runtime.apiClientManager.setGlobalAPIClientConfiguration({ baseURL: run.apiUrl, accessToken });
    const client = runtime.apiClientManager.clientOrThrow();
    const task = runtime.resourceCatalog.getTask(taskId);
    const streams = new runtime.StandardSessionStreamManager(client, run.apiUrl);
    const runtimeManager = new PollingRuntimeManager(run, accessToken, streams);
    await runtime.runInTaskContext(({ ctx }) => task.fns.run(run.payload, { ctx, signal: cancellation.signal }), {
        ctx: { run: { id: run.runId }, attempt: { number: run.attempt } },
        sessionStreamManager: streams,
        runtimeManager,
    });
    return Math.max(streams.lastDispatchedSeqNum(run.chatId, "in") ?? -1, runtimeManager.consumed);
}

/** Learns of a finished wait from the token's status (contract §3.5), as a real worker does from its supervisor. */
class PollingRuntimeManager {
    consumed = -1;

    constructor(run, accessToken, streams) {
        this.run = run;
        this.accessToken = accessToken;
        this.streams = streams;
    }

    async waitForWaitpoint({ waitpointFriendlyId }) {
        const next = (this.streams.lastSeqNum(this.run.chatId, "in") ?? -1) + 1;
        tell({ type: "waiting" });
        for (;;) {
            const token = await this.status(waitpointFriendlyId);
            if (token.status !== "WAITING") {
                const ok = token.status === "COMPLETED" && !token.outputIsError;
                this.consumed = ok ? next : this.consumed;
                return { ok, output: token.output, outputType: token.outputType ?? "application/json" };
            }
            await new Promise((resolve) => setTimeout(resolve, WAITPOINT_POLL_MS));
        }
    }

    async status(id) {
        const response = await fetch(`${this.run.apiUrl}/api/v1/waitpoints/tokens/${id}`, {
            headers: { Authorization: `Bearer ${this.accessToken}` },
        });
        if (!response.ok) {
            throw new Error(`expected the status of ${id}, but was ${response.status}`);
        }
        return response.json();
    }

    disable() {}

    waitForTask() {
        throw new Error("expected no wait for another task");
    }

    waitForBatch() {
        throw new Error("expected no wait for a batch");
    }
}
