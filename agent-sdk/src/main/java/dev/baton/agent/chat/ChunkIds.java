package dev.baton.agent.chat;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The ids that one answer uses. Clients put chunks together by them: two parts that stream under one id, or two calls with one,
 * would run into each other on every screen and in every stored history.
 */
final class ChunkIds {
    private final Set<String> streaming = new HashSet<>();
    private final Set<String> calls = new HashSet<>();
    /** Calls whose input has come; their ids name nothing but their outcome from then on. */
    private final Set<String> called = new HashSet<>();

    /** @param earlierCalls those of the message that this answer goes on with */
    ChunkIds(Collection<String> earlierCalls) {
        calls.addAll(earlierCalls);
        called.addAll(earlierCalls);
    }

    /** @throws ClashingChunkException when another chunk has its id */
    void add(JsonNode chunk) {
        switch (chunk.path("type").asText()) {
            case "text-start" -> open("a text", "text " + id(chunk), id(chunk));
            case "text-end" -> streaming.remove("text " + id(chunk));
            case "reasoning-start" -> open("a reasoning", "reasoning " + id(chunk), id(chunk));
            case "reasoning-end" -> streaming.remove("reasoning " + id(chunk));
            case "tool-input-start" -> require(calls.add(callId(chunk)), "a tool call", callId(chunk));
            case "tool-input-available", "tool-input-error" -> {
                calls.add(callId(chunk));
                require(called.add(callId(chunk)), "a tool call", callId(chunk));
            }
            // Chunk types are open-ended, and only these name something that others could.
            default -> {
            }
        }
    }

    private void open(String what, String key, String id) {
        require(streaming.add(key), what, id);
    }

    private static void require(boolean isNew, String what, String id) {
        if (!isNew) {
            throw new ClashingChunkException(what, id);
        }
    }

    private static String id(JsonNode chunk) {
        return chunk.path("id").asText();
    }

    private static String callId(JsonNode chunk) {
        return chunk.path("toolCallId").asText();
    }
}
