package dev.baton.ingress.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a public token shall be (contract §4.2). Pure.
 *
 * @param scopes at least one
 * @param extras further claims: {@code otu} and {@code realtime} where they were asked for
 */
record PublicTokenForm(List<String> scopes, Instant expiresAt, Map<String, Object> extras) {
    static final Duration TTL_DEFAULT = Duration.ofMinutes(15);
    static final Duration TTL_MAX = Duration.ofDays(30);
    private static final BigDecimal TOO_MANY_SECONDS = BigDecimal.valueOf(TTL_MAX.toSeconds() + 1);
    private static final int SCOPES_MAX = 100;
    private static final int SCOPE_CHARS_MAX = 512;
    private static final int COLUMNS_MAX = 100;
    private static final int COLUMN_CHARS_MAX = 128;
    /** A number and a unit, as the clients' token library takes it: {@code 15m}, {@code 1.5 hours}, {@code 2 days}. */
    private static final Pattern SPAN = Pattern.compile("\\+? ?(\\d{1,9}(?:\\.\\d{1,9})?) ?"
            + "(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|yrs?|years?)(?: from now)?");
    /** By the first letter of the unit. */
    private static final Map<Character, Long> UNIT_SECONDS = Map.of('s', 1L, 'm', 60L, 'h', 3600L, 'd', 86_400L, 'w',
            604_800L, 'y', 31_557_600L);

    static PublicTokenForm read(ObjectNode body, Instant now) {
        FormReader form = new FormReader(body);
        List<String> scopes = form.optionalTexts("scopes", SCOPES_MAX, SCOPE_CHARS_MAX);
        if (scopes == null || scopes.isEmpty() || scopes.contains("")) {
            throw form.invalid("scopes", "must hold at least one scope, and no empty one");
        }
        Map<String, Object> extras = new HashMap<>();
        if (oneTimeUse(form)) {
            extras.put("otu", true);
        }
        if (form.has("realtime") && !form.isNull("realtime")) {
            List<String> columns = form.requiredForm("realtime").optionalTexts("skipColumns", COLUMNS_MAX,
                    COLUMN_CHARS_MAX);
            extras.put("realtime", columns == null ? Map.of() : Map.of("skipColumns", columns));
        }
        return new PublicTokenForm(scopes, expiresAt(form, now), extras);
    }

    private static boolean oneTimeUse(FormReader form) {
        JsonNode value = form.optionalAny("oneTimeUse");
        if (value != null && !value.isBoolean()) {
            throw form.invalid("oneTimeUse", "must be true or false");
        }
        return value != null && value.booleanValue();
    }

    /** Epoch seconds, or a span of time from now. */
    private static Instant expiresAt(FormReader form, Instant now) {
        JsonNode value = form.optionalAny("expirationTime");
        Instant expiresAt = value == null ? now.plus(TTL_DEFAULT) : time(value, now);
        if (expiresAt == null) {
            throw form.invalid("expirationTime", "must be a span such as '1h', or a time in epoch seconds");
        }
        if (!expiresAt.isAfter(now)) {
            throw form.invalid("expirationTime", "must be in the future");
        }
        if (expiresAt.isAfter(now.plus(TTL_MAX))) {
            throw form.invalid("expirationTime", "must be at most " + TTL_MAX.toDays() + " days from now");
        }
        return expiresAt;
    }

    /** Null when it is neither. */
    private static Instant time(JsonNode value, Instant now) {
        if (value.isNumber()) {
            double seconds = Math.floor(value.doubleValue());
            return Math.abs(seconds) > Instant.MAX.getEpochSecond() ? null : Instant.ofEpochSecond((long) seconds);
        }
        if (!value.isTextual()) {
            return null;
        }
        Matcher span = SPAN.matcher(value.textValue().strip().toLowerCase(Locale.ROOT));
        if (!span.matches()) {
            return null;
        }
        BigDecimal seconds = new BigDecimal(span.group(1))
                .multiply(BigDecimal.valueOf(UNIT_SECONDS.get(span.group(2).charAt(0))));
        return now.plusSeconds(seconds.min(TOO_MANY_SECONDS).longValue());
    }
}
