// What runs an agent in this process (contract §6.5). The test entry comes first: it installs the catalog of tasks.
import "@trigger.dev/sdk/ai/test";

export { apiClientManager, resourceCatalog } from "@trigger.dev/core/v3";
export { StandardSessionStreamManager, runInMockTaskContext as runInTaskContext } from "@trigger.dev/core/v3/test";
export { chat } from "@trigger.dev/sdk/ai";
export { streamText } from "ai";
export { MockLanguageModelV3 } from "ai/test";
