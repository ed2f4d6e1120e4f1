package dev.baton.system.simulation;

import dev.baton.wire.channel.StoredRecord;

/**
 * A record of {@code .in} as an agent sees it.
 *
 * @param seq −1 for the message in the payload of a first run
 * @param message id of the message to answer, null when it asks for none
 * @param poison whether every run that serves it dies of it
 * @param close whether the session is closed by it
 */
record Entry(long seq, String message, boolean poison, boolean close) {
    private static final String MESSAGE = "msg-";
    private static final String SIDE = "side-";
    private static final String POISON = "!\"";

    static Entry of(StoredRecord stored) {
        String body = stored.record().body();
        return new Entry(stored.seq(), messageIn(body), body.contains(POISON), body.contains("\"id\":\"close-"));
    }

    /** The message in the payload of a first run, null when there is none. */
    static Entry ofPayload(String payload) {
        String message = messageIn(payload);
        return message == null ? null : new Entry(-1, message, payload.contains(POISON), false);
    }

    /** The message id in a text, null when there is none: they all look like {@code msg-0-12}. */
    static String messageIn(String text) {
        return idIn(text, MESSAGE);
    }

    /** The id of a side channel's record in a text, null when there is none: they all look like {@code side-0-12}. */
    static String sideIn(String text) {
        return idIn(text, SIDE);
    }

    private static String idIn(String text, String prefix) {
        int begin = text.indexOf(prefix);
        if (begin < 0) {
            return null;
        }
        int end = begin + prefix.length();
        while (end < text.length() && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '-')) {
            end++;
        }
        return text.substring(begin, end);
    }

    static String messageId(int chat, int number) {
        return MESSAGE + chat + '-' + number;
    }

    static String sideId(int chat, int number) {
        return SIDE + chat + '-' + number;
    }

    /** How a message is written that kills whoever serves it. */
    static String poisonous(String message) {
        return message + POISON.charAt(0);
    }
}
