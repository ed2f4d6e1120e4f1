package dev.baton.system.support;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The records of one turn, in order; the last one is its turn-complete.
 *
 * @param records of {@code .out}
 */
public record Turn(List<StreamRecord> records) {
    /** The demo agent says how many user messages it has seen: lost history shows as a smaller number. */
    private static final Pattern MESSAGES_SEEN = Pattern.compile("user message (\\d+) of this conversation");

    /** Cuts records into turns; what follows the last turn-complete is left out. */
    public static List<Turn> of(List<StreamRecord> records) {
        List<Turn> turns = new ArrayList<>();
        List<StreamRecord> current = new ArrayList<>();
        for (StreamRecord record : records) {
            current.add(record);
            if (record.isTurnComplete()) {
                turns.add(new Turn(List.copyOf(current)));
                current.clear();
            }
        }
        return turns;
    }

    /** The whole answer. */
    public String text() {
        return records.stream().map(StreamRecord::textDelta).collect(Collectors.joining());
    }

    /** The number of user messages that the answer names. */
    public int messagesSeen() {
        Matcher found = MESSAGES_SEEN.matcher(text());
        if (!found.find()) {
            throw new AssertionError("expected the answer to name the number of user messages, but was: " + text());
        }
        return Integer.parseInt(found.group(1));
    }

    public StreamRecord last() {
        return records.getLast();
    }

    public List<String> chunkTypes() {
        return records.stream().map(StreamRecord::chunkType).filter(type -> !type.isEmpty()).toList();
    }
}
