package dev.baton.wire.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One pass over the beginning of a JSON text: finds the last place at which everything that is open can be closed, and closes it.
 * Characters that do not fit are stepped over; whether the outcome is JSON shows when it is parsed. Used once.
 */
final class JsonCompletion {
    private static final List<String> LITERALS = List.of("true", "false", "null");
    private static final int UNICODE_DIGITS = 4;

    /** Where the reader is inside of a value, with what closes it there. */
    private enum Place {
        ROOT(""),
        END(""),
        OBJECT_START("}"),
        KEY_WANTED("}"),
        KEY("}"),
        COLON_WANTED("}"),
        VALUE_WANTED("}"),
        OBJECT_NEXT("}"),
        ARRAY_START("]"),
        ITEM_WANTED("]"),
        ARRAY_NEXT("]"),
        STRING("\""),
        ESCAPE(""),
        UNICODE(""),
        NUMBER(""),
        LITERAL("");

        private final String closer;

        Place(String closer) {
            this.closer = closer;
        }
    }

    private final String text;
    private final Deque<Place> open = new ArrayDeque<>();
    /** How much of the text is kept. */
    private int kept;
    private int literalAt;
    private int digits;

    JsonCompletion(String text) {
        this.text = text;
        open.push(Place.ROOT);
    }

    String completed() {
        for (int i = 0; i < text.length(); i++) {
            read(text.charAt(i), i);
        }
        StringBuilder result = new StringBuilder(text.substring(0, kept));
        for (Place place : open) {
            result.append(place == Place.LITERAL ? literalRest() : place.closer);
        }
        return result.toString();
    }

    private void read(char c, int at) {
        switch (open.getFirst()) {
            case ROOT -> value(c, at, Place.END);
            case END -> {
            }
            case OBJECT_START -> {
                moveIf(c == '"', Place.KEY);
                closeIf(c == '}', at);
            }
            case KEY_WANTED -> moveIf(c == '"', Place.KEY);
            case KEY -> moveIf(c == '"', Place.COLON_WANTED);
            case COLON_WANTED -> moveIf(c == ':', Place.VALUE_WANTED);
            case VALUE_WANTED -> value(c, at, Place.OBJECT_NEXT);
            case ITEM_WANTED -> value(c, at, Place.ARRAY_NEXT);
            case ARRAY_START -> arrayStart(c, at);
            case OBJECT_NEXT -> afterValue(c, at);
            case ARRAY_NEXT -> {
                kept = c == ',' ? kept : at + 1;
                afterValue(c, at);
            }
            case STRING, ESCAPE, UNICODE -> string(c, at);
            case NUMBER -> number(c, at);
            case LITERAL -> literal(c, at);
        }
    }

    private void value(char c, int at, Place then) {
        Place inside = switch (c) {
            case '"' -> Place.STRING;
            case 't', 'f', 'n' -> Place.LITERAL;
            case '{' -> Place.OBJECT_START;
            case '[' -> Place.ARRAY_START;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Place.NUMBER;
            default -> null;
        };
        if (inside != null) {
            // A sign alone is no number yet.
            kept = c == '-' ? kept : at + 1;
            literalAt = at;
            move(then);
            open.push(inside);
        }
    }

    private void arrayStart(char c, int at) {
        kept = at + 1;
        if (c == ']') {
            open.pop();
        } else {
            value(c, at, Place.ARRAY_NEXT);
        }
    }

    private void afterValue(char c, int at) {
        if (open.getFirst() == Place.OBJECT_NEXT) {
            moveIf(c == ',', Place.KEY_WANTED);
            closeIf(c == '}', at);
        } else if (open.getFirst() == Place.ARRAY_NEXT) {
            moveIf(c == ',', Place.ITEM_WANTED);
            closeIf(c == ']', at);
        }
    }

    private void string(char c, int at) {
        Place place = open.getFirst();
        if (place == Place.UNICODE) {
            digits += Character.digit(c, 16) >= 0 && c < 128 ? 1 : 0;
            closeIf(digits == UNICODE_DIGITS, at);
        } else if (place == Place.ESCAPE) {
            digits = 0;
            moveIf(c == 'u', Place.UNICODE);
            closeIf(c != 'u', at);
        } else if (c == '\\') {
            open.push(Place.ESCAPE);
        } else {
            kept = at + 1;
            closeIf(c == '"', at);
        }
    }

    private void number(char c, int at) {
        if (c >= '0' && c <= '9') {
            kept = at + 1;
        } else if ("eE-.".indexOf(c) < 0) {
            open.pop();
            afterValue(c, at);
        }
    }

    private void literal(char c, int at) {
        String begun = text.substring(literalAt, at + 1);
        if (LITERALS.stream().anyMatch(literal -> literal.startsWith(begun))) {
            kept = at + 1;
        } else {
            open.pop();
            afterValue(c, at);
        }
    }

    private String literalRest() {
        String begun = text.substring(literalAt);
        return LITERALS.stream().filter(literal -> literal.startsWith(begun)).findFirst()
                .map(literal -> literal.substring(begun.length())).orElse("");
    }

    private void moveIf(boolean so, Place to) {
        if (so) {
            move(to);
        }
    }

    private void move(Place to) {
        open.pop();
        open.push(to);
    }

    private void closeIf(boolean so, int at) {
        if (so) {
            open.pop();
            kept = at + 1;
        }
    }
}
