package dev.baton.system.simulation;

import dev.baton.wire.channel.StoredRecord;

/**
 * A record of {@code .in} as an agent sees it.
 *
 * @param seq −1 for the message in the payload of a first run
 * @param message id of the message to answer, null when it asks for none
 * @param close whether the session is closed by it
 */
record Entry(long seq, String message, boolean close) {
    private static final String MESSAGE = "msg-";

    static Entry of(StoredRecord stored) {
        String body = stored.record().body();
        return new Entry(stored.seq(), messageIn(body), body.contains("\"id\":\"close-"));
    }

    /** The message id in a text, null when there is none: they all look like {@code msg-0-12}. */
    static String messageIn(String text) {
        int begin = text.indexOf(MESSAGE);
        if (begin < 0) {
            return null;
        }
        int end = begin + MESSAGE.length();
        while (end < text.length() && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '-')) {
            end++;
        }
        return text.substring(begin, end);
    }

    static String messageId(int chat, int number) {
        return MESSAGE + chat + '-' + number;
    }
}
