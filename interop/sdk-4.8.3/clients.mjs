// What an application imports. This file stands next to the packages so that they resolve to this version.
export { auth, configure, sessions } from "@trigger.dev/sdk";
export { chat } from "@trigger.dev/sdk/ai";
export { AgentChat, TriggerChatTransport } from "@trigger.dev/sdk/chat";
export {
    AbstractChat,
    lastAssistantMessageIsCompleteWithApprovalResponses,
    lastAssistantMessageIsCompleteWithToolCalls,
    readUIMessageStream,
} from "ai";
