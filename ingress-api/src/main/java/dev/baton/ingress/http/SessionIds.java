package dev.baton.ingress.http;

import java.security.SecureRandom;

import dev.baton.wire.Names;

/** Mints friendly ids: {@code session_c} or {@code waitpoint_c} and 24 characters of lower-case letters and digits (contract §7.6). */
final class SessionIds {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 24;
    private static final int PART_ID_LENGTH = 7;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionIds() {}

    static String mintSessionId() {
        return Names.SESSION_ID_PREFIX + "c" + random(LENGTH);
    }

    static String mintWaitpointId() {
        return Names.WAITPOINT_ID_PREFIX + "c" + random(LENGTH);
    }

    /** The record id for an append whose client gave none. */
    static String mintPartId() {
        return random(PART_ID_LENGTH);
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
