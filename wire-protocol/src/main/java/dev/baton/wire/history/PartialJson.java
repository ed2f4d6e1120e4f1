package dev.baton.wire.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.json.WireJson;

/** Reads the beginning of a JSON text: the input of a tool while the model still writes it. */
final class PartialJson {
    /** How far back the last readable position is looked for, in characters: a half key is rarely longer. */
    private static final int CUT_CHARS_MAX = 256;
    private static final List<String> LITERALS = List.of("true", "false", "null");

    private PartialJson() {}

    /** What the text says so far, or empty when it says nothing yet. */
    static Optional<JsonNode> parse(String text) {
        Optional<JsonNode> whole = tryParse(text);
        int shortest = Math.max(0, text.length() - CUT_CHARS_MAX);
        // Cutting back one character at a time drops half keys, half escapes and dangling commas; few steps are needed.
        for (int end = text.length(); whole.isEmpty() && end > shortest; end--) {
            whole = tryParse(closed(text.substring(0, end)));
        }
        return whole;
    }

    /** The text with its last literal completed and everything that is open closed. */
    private static String closed(String text) {
        Deque<Character> closers = new ArrayDeque<>();
        boolean inString = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inString) {
                inString = c != '"';
                i += c == '\\' ? 1 : 0;
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                closers.push(c == '{' ? '}' : ']');
            } else if ((c == '}' || c == ']') && !closers.isEmpty()) {
                closers.pop();
            }
        }
        StringBuilder result = new StringBuilder(text).append(inString ? "\"" : literalRest(text));
        closers.forEach(result::append);
        return result.toString();
    }

    private static String literalRest(String text) {
        int start = text.length();
        while (start > 0 && Character.isLowerCase(text.charAt(start - 1))) {
            start--;
        }
        String begun = text.substring(start);
        return LITERALS.stream().filter(literal -> !begun.isEmpty() && literal.startsWith(begun)).findFirst()
                .map(literal -> literal.substring(begun.length())).orElse("");
    }

    private static Optional<JsonNode> tryParse(String text) {
        try {
            return Optional.ofNullable(WireJson.MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
