package dev.baton.ingress.http;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cursors and windows as clients send them (contract §2.2, §2.7). Pure. */
final class Cursors {
    static final Duration SILENCE_DEFAULT = Duration.ofSeconds(60);
    private static final int SILENCE_S_MAX = 600;
    /** Largest integer that JavaScript holds exactly; a larger cursor means "behind everything" just the same. */
    private static final long CURSOR_MAX = (1L << 53) - 1;
    private static final Pattern LAST_EVENT_ID = Pattern.compile("(\\d+)(-.*)?");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,9}");

    private Cursors() {}

    /** {@code 17} or {@code 17-…}; whatever else a client sends means: from the beginning. */
    static OptionalLong lastEventId(String header) {
        Matcher matcher = LAST_EVENT_ID.matcher(header == null ? "" : header.strip());
        return matcher.matches() ? OptionalLong.of(number(matcher.group(1))) : OptionalLong.empty();
    }

    static OptionalLong afterEventId(String parameter) {
        if (parameter == null) {
            return OptionalLong.empty();
        }
        if (!DIGITS.matcher(parameter).matches()) {
            throw Failures.query("afterEventId must be a non-negative whole number");
        }
        return OptionalLong.of(number(parameter));
    }

    /** How long a stream may be silent. */
    static Duration timeoutSeconds(String header) {
        if (header == null) {
            return SILENCE_DEFAULT;
        }
        if (!INTEGER.matcher(header.strip()).matches()) {
            throw Failures.badTimeout("Invalid timeout seconds");
        }
        int seconds = Integer.parseInt(header.strip());
        if (seconds <= 0) {
            throw Failures.badTimeout("Timeout seconds must be greater than 0");
        }
        if (seconds > SILENCE_S_MAX) {
            throw Failures.badTimeout("Timeout seconds must be less than 600");
        }
        return Duration.ofSeconds(seconds);
    }

    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=\\d)", "");
        return significant.length() > 16 ? CURSOR_MAX : Math.min(CURSOR_MAX, Long.parseLong(significant));
    }
}
