package dev.baton.system.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** Bodies as they should not be: first field by field, then byte by byte. */
final class BodySpoiler {
    private static final int DEPTH = 3_000;
    /** Logs say which one it was. */
    private static final Set<String> IDS = Set.of("workerId", "task", "version", "runs", "externalId", "callingRunId",
            "taskIdentifier", "session");

    private final Dice dice;

    BodySpoiler(Dice dice) {
        this.dice = dice;
    }

    /** Gives one field, at any depth, a value of another type or size, or takes it away. */
    void spoilField(ObjectNode body) {
        ObjectNode target = body;
        List<String> names = names(target);
        while (!names.isEmpty()) {
            String name = dice.of(names);
            if (target.get(name) instanceof ObjectNode inner && !dice.once(3)) {
                target = inner;
                names = names(target);
                continue;
            }
            if (target.get(name) instanceof ArrayNode inner && dice.once(2)) {
                inner.add(value(name));
            } else if (dice.once(5)) {
                target.remove(name);
            } else {
                target.set(name, value(name));
            }
            return;
        }
    }

    private static List<String> names(ObjectNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Some JSON that was not expected. */
    private JsonNode value(String name) {
        String value = value();
        return WireJson.readTree(IDS.contains(name) ? value.replace(Ground.MARK, "id") : value);
    }

    private String value() {
        String secret = "\"" + dice.secret() + "\"";
        return dice.of("null", "true", "[]", "{}", "0", "-1", "1.5", "2147483648", "1e9", "-0.0",
                "9007199254740993", "99999999999999999999999999", "1e300", "\"\"", "\" \"", "\"\\u0000\"",
                "[[[[]]]]", "[null]", "[1]", "[{}]", "[" + secret + "]", "{\"a\":" + secret + "}", secret,
                "\"session_" + dice.secret() + "\"", "\"a:channels:b\"", "\"x:in\"", "\"\u00e9\u4e2d\ud83d\ude00\"",
                "\"soon\"", "\"2020-13-45\"", "\"+1000000000-01-01T00:00:00Z\"", "\"0s\"", "\"9e9\"",
                "\"" + dice.secret().repeat(dice.of(5, 40, 200)) + "\"",
                "[" + secret + ",".concat(secret).repeat(120) + "]");
    }

    /** Another JSON text, or none. */
    byte[] spoilText(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return switch (dice.below(16)) {
            case 0 -> Arrays.copyOf(body, dice.below(body.length + 1));
            case 1 -> flipped(body);
            case 2 -> utf8("\ufeff" + text);
            case 3 -> utf8(text + dice.of("{}", "\u0000", "x", "]", ",")); // more than one value
            case 4 -> utf8("[".repeat(DEPTH) + dice.of("", "]".repeat(DEPTH)));
            case 5 -> utf8("{\"a\":".repeat(DEPTH) + "1" + "}".repeat(DEPTH));
            case 6 -> utf8(text.replaceFirst("zqmark", dice.of("\\\\ud800", "\\\\udc00", "\\\\u0000", "\\\\x")));
            case 7 -> text.getBytes(StandardCharsets.UTF_16);
            case 8 -> utf8(text.replaceFirst("\\{", "{\"type\":1,\"records\":{},\"workerId\":null,\"tags\":\"\","));
            case 9 -> utf8(dice.of("null", "true", "1", "\"" + dice.secret() + "\"", "[]", "[{}]", "{}", " ", "{", "}",
                    "NaN", "{'a':1}", "{a:1}", "{\"a\":1,}", "/* " + dice.secret() + " */{}", "1".repeat(2_000)));
            case 10 -> dice.bytes(dice.of(1, 16, 300));
            case 11 -> new byte[0];
            case 12 -> utf8(text.replaceAll("\"[a-zA-Z]+\":", "\"" + dice.secret() + "\":"));
            case 13 -> utf8("{\"a\":" + "9".repeat(dice.of(20, 400, 1_500)) + "}");
            case 14 -> utf8(text + " ".repeat(dice.of(1_000, 1_100, 33_000)));
            default -> utf8("{\"" + dice.secret() + "\":\"" + "\u4e2d".repeat(dice.of(100, 12_000)) + "\"}");
        };
    }

    byte[] flipped(byte[] body) {
        byte[] flipped = body.clone();
        for (int i = dice.below(4); i >= 0 && flipped.length > 0; i--) {
            flipped[dice.below(flipped.length)] = (byte) dice.below(256);
        }
        return flipped;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
