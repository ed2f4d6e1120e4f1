package dev.baton.agent.chat;

/** Why an answer ends. Clients of the AI SDK refuse a stream that says anything else. */
public enum FinishReason {
    /** The model has said what it had to say. */
    STOP("stop"),
    /** It may not say more. */
    LENGTH("length"),
    CONTENT_FILTER("content-filter"),
    /** It waits for what tools or people say. */
    TOOL_CALLS("tool-calls"),
    ERROR("error"),
    OTHER("other");

    private final String text;

    FinishReason(String text) {
        this.text = text;
    }

    /** As it stands in the {@code finish} chunk. */
    public String text() {
        return text;
    }
}
