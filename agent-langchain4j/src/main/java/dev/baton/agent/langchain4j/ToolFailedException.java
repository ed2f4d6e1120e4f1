package dev.baton.agent.langchain4j;

import java.util.Objects;

/** A tool cannot do what it was asked for. The model and the clients read the message. */
public final class ToolFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public ToolFailedException(String message) {
        super(Objects.requireNonNull(message, "message"));
    }
}
