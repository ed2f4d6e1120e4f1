// What runs an agent in this process (contract §6.5). The test entry comes first: it installs the catalog of tasks.
import "@trigger.dev/sdk/ai/test";
import { runtime, sessionStreams } from "@trigger.dev/core/v3";
import { runInMockTaskContext } from "@trigger.dev/core/v3/test";

export { apiClientManager, resourceCatalog } from "@trigger.dev/core/v3";
export { StandardSessionStreamManager } from "@trigger.dev/core/v3/workers";
export { chat } from "@trigger.dev/sdk/ai";
export { streamText } from "ai";
export { MockLanguageModelV3 } from "ai/test";

const GLOBALS = Symbol.for("dev.trigger.ts.api");

// 4.5.0 has no options for these two managers: replace what the context has installed.
export function runInTaskContext(body, { ctx, sessionStreamManager, runtimeManager }) {
    return runInMockTaskContext(
        (drivers) => {
            delete globalThis[GLOBALS]["session-streams"];
            delete globalThis[GLOBALS].runtime;
            sessionStreams.setGlobalManager(sessionStreamManager);
            runtime.setGlobalRuntimeManager(runtimeManager);
            return body(drivers);
        },
        { ctx },
    );
}
