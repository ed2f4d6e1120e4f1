// A page with `useChat`, less React: the chat of `ai` with its state in plain fields.
import {
    AbstractChat,
    lastAssistantMessageIsCompleteWithApprovalResponses,
    lastAssistantMessageIsCompleteWithToolCalls,
} from "./chats.mjs";
import { eventually, within } from "./waiting.mjs";

export class Page extends AbstractChat {
    /** Answers of people and of the page go out by themselves, as the documentation of `useChat` wires it. */
    constructor(chatId, transport, { messages = [], ...options } = {}) {
        super({
            id: chatId,
            transport,
            state: new PageState(messages),
            sendAutomaticallyWhen: (all) =>
                lastAssistantMessageIsCompleteWithApprovalResponses(all) ||
                lastAssistantMessageIsCompleteWithToolCalls(all),
            ...options,
        });
    }

    /** What the user sees, once nothing is under way. */
    async settled() {
        await eventually(
            "a page that waits for its user",
            () => this.status === "ready" || this.status === "error",
        );
        return shown(this.messages);
    }

    async say(text) {
        await within(`an answer to "${text}"`, this.sendMessage({ text }));
        return this.settled();
    }

    /** Waits for words of the newest message. */
    text(start) {
        return eventually(`"${start}…" on the page`, () =>
            this.lastMessage?.parts.some((part) => part.type === "text" && part.text.startsWith(start)),
        );
    }

    /** The call of a tool in the newest message. */
    get toolCall() {
        return this.lastMessage.parts.find((part) => part.type.startsWith("tool-"));
    }
}

class PageState {
    status = "ready";
    error = undefined;

    constructor(messages) {
        this.messages = messages;
    }

    pushMessage = (message) => {
        this.messages = this.messages.concat(message);
    };

    popMessage = () => {
        this.messages = this.messages.slice(0, -1);
    };

    replaceMessage = (index, message) => {
        this.messages = this.messages.with(index, this.snapshot(message));
    };

    snapshot = (thing) => structuredClone(thing);
}

/** Messages as a user sees them: who, and texts and calls in their order. A text that is still open is `{open}`. */
export function shown(messages) {
    return messages.map(({ role, parts }) => ({
        [role]: parts.filter((part) => part.type !== "step-start").map(shownPart),
    }));
}

function shownPart({ type, text, state, input, output, errorText }) {
    if (type !== "text") {
        return JSON.parse(JSON.stringify({ tool: type.replace(/^tool-/, ""), state, input, output, errorText }));
    }
    return state === "streaming" ? { open: text } : text;
}
