package dev.baton.ingress.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;

/**
 * What a run wants to wait for (contract §3.1). Pure.
 *
 * @param session any form of its id
 * @param timeoutAt epoch milliseconds, null for no time-out
 * @param lastSeqNum −1 when the run has seen nothing
 * @param idempotencyExpiresAt epoch milliseconds, null without a key
 */
record WaitForm(String session, Channel io, Long timeoutAt, long lastSeqNum, List<String> tags, String idempotencyKey,
        Long idempotencyExpiresAt) {
    private static final int SESSION_CHARS_MAX = 512;
    private static final int TIMEOUT_CHARS_MAX = 100;
    private static final int KEY_CHARS_MAX = 2048;
    private static final int TAGS_MAX = 10;
    private static final int TAG_CHARS_MAX = 128;
    /** A key without a life of its own lives as long as a wait can: a later repeat finds nothing to repeat. */
    private static final Duration KEY_TTL_MAX = Duration.ofDays(7);
    private static final Pattern SPAN = Pattern.compile("(?:\\d{1,9}(?:w|d|hr|h|m|s))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(w|d|hr|h|m|s)");
    private static final Pattern KEY_TTL = Pattern.compile("\\d{1,9}[smhd]");
    private static final Map<String, Long> UNIT_SECONDS = Map.of("w", 604_800L, "d", 86_400L, "hr", 3600L, "h", 3600L,
            "m", 60L, "s", 1L);

    static WaitForm read(ObjectNode body, Instant now) {
        FormReader form = new FormReader(body);
        String session = form.requiredText("session", 1, SESSION_CHARS_MAX);
        if (Names.namesSideChannel(session)) {
            throw form.invalid("session", "must name a session: nobody can wait on a side channel");
        }
        Channel io = Channel.ofWireName(form.requiredText("io", 1, 3))
                .orElseThrow(() -> form.invalid("io", "must be 'in' or 'out'"));
        String timeout = form.optionalText("timeout", 0, TIMEOUT_CHARS_MAX);
        String key = form.optionalText("idempotencyKey", 1, KEY_CHARS_MAX);
        Instant keyExpiresAt = keyExpiresAt(form, now);
        return new WaitForm(session, io, timeout == null ? null : timeoutAt(timeout, now), lastSeqNum(form),
                tags(form), key, key == null ? null : Long.valueOf(keyExpiresAt.toEpochMilli()));
    }

    /** A date, or a span from now. What is neither, or in the past, is no time-out. */
    private static Long timeoutAt(String text, Instant now) {
        Long at = SPAN.matcher(text).matches()
                ? Long.valueOf(now.plus(span(text)).toEpochMilli())
                : JsText.time(text);
        return at == null || at <= now.toEpochMilli() ? null : at;
    }

    private static Duration span(String text) {
        Duration span = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            span = span.plusSeconds(Long.parseLong(part.group(1)) * UNIT_SECONDS.get(part.group(2)));
        }
        return span;
    }

    private static Instant keyExpiresAt(FormReader form, Instant now) {
        String ttl = form.optionalText("idempotencyKeyTTL", 1, TIMEOUT_CHARS_MAX);
        if (ttl != null && !KEY_TTL.matcher(ttl).matches()) {
            throw form.invalid("idempotencyKeyTTL", "must be a number and one of s, m, h, d, such as '60s'");
        }
        Duration wanted = ttl == null ? KEY_TTL_MAX : span(ttl);
        return now.plus(wanted.compareTo(KEY_TTL_MAX) < 0 ? wanted : KEY_TTL_MAX);
    }

    private static long lastSeqNum(FormReader form) {
        JsonNode value = form.optionalAny("lastSeqNum");
        if (value == null) {
            return -1;
        }
        if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToLong()) {
            throw form.invalid("lastSeqNum", "must be a whole number");
        }
        return Math.max(-1, value.longValue());
    }

    /** One or several; too many of them is the one mistake that is 422 here. */
    private static List<String> tags(FormReader form) {
        JsonNode value = form.optionalAny("tags");
        if (value == null) {
            return List.of();
        }
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        if (value.isArray() && value.size() > TAGS_MAX) {
            throw Failures.unprocessable("tags: expected at most " + TAGS_MAX + ", but there are " + value.size());
        }
        return form.optionalTexts("tags", TAGS_MAX, TAG_CHARS_MAX);
    }
}
