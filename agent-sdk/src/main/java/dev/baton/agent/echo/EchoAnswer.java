package dev.baton.agent.echo;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The words of an answer, each one a delta. The same question and count always give the same words, so an answer that
 * broke off can be continued.
 */
record EchoAnswer(List<String> deltas) {
    /** After white space and before the next word: words keep the space that follows them. */
    private static final Pattern WORD_STARTS = Pattern.compile("(?<=\\s)(?=\\S)");

    EchoAnswer {
        deltas = List.copyOf(deltas);
    }

    /** Repeats what was said and says how many user messages the conversation has had. */
    static EchoAnswer repeating(String said, long userMessages) {
        return new EchoAnswer(List.of(WORD_STARTS.split("You said: " + said + ". " + count(userMessages))));
    }

    /** Counts up to a number; the last delta also says how many user messages the conversation has had. */
    static EchoAnswer counting(int last, long userMessages) {
        List<String> deltas = new ArrayList<>();
        for (int i = 1; i < last; i++) {
            deltas.add(i + " ");
        }
        deltas.add(last + ". " + count(userMessages));
        return new EchoAnswer(deltas);
    }

    private static String count(long userMessages) {
        return "That is user message " + userMessages + " of this conversation.";
    }

    /** What is missing after these words; all of it when they are not the beginning of this answer. */
    EchoAnswer after(String written) {
        String text = text();
        if (!text.startsWith(written)) {
            return this;
        }
        List<String> rest = new ArrayList<>();
        int end = 0;
        for (String delta : deltas) {
            end += delta.length();
            int missing = Math.min(delta.length(), end - written.length());
            if (missing > 0) {
                rest.add(delta.substring(delta.length() - missing));
            }
        }
        return new EchoAnswer(rest);
    }

    String text() {
        return String.join("", deltas);
    }
}
