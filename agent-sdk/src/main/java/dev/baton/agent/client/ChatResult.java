package dev.baton.agent.client;

import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What came of a turn.
 *
 * @param message the answer as a UI message, empty when there was none
 * @param text its text parts, joined
 * @param stopped whether it was stopped before its end
 * @param error the words of the agent when the turn failed
 * @param sessionClosed whether this was the last turn of the conversation
 */
public record ChatResult(Optional<ObjectNode> message, String text, boolean stopped, Optional<String> error,
        boolean sessionClosed) {}
