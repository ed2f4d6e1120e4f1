package dev.baton.ingress.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.baton.ingress.view.ListPosition;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * Places in lists as clients carry them: opaque text that needs no escaping in an address (contract §1.3). A cursor
 * holds the place itself and not the id of a row, so it needs no lookup and survives the row.
 */
final class PageCursors {
    private static final Pattern SESSION = Pattern.compile("(\\d{1,16}):([!-~]{1,64})");
    private static final Pattern RUN = Pattern.compile("\\d{1,16}");

    private PageCursors() {}

    static String of(SessionRow row) {
        return encode(row.createdAt() + ":" + row.id());
    }

    static String of(SessionRunRow row) {
        return encode(String.valueOf(row.generation()));
    }

    /** Of a run in the list of all runs. */
    static String inAll(SessionRunRow row) {
        return encode(row.requestedAt() + ":" + row.runId());
    }

    /** In a transcript: how many messages are older than this place. */
    static String ofMessage(int older) {
        return encode(String.valueOf(older));
    }

    static int message(String cursor) {
        return Math.clamp(run(cursor), 0, Integer.MAX_VALUE);
    }

    static ListPosition session(String cursor) {
        Matcher matcher = match(SESSION, cursor);
        return new ListPosition(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    /** The generation of a run. */
    static Long run(String cursor) {
        return Long.valueOf(match(RUN, cursor).group());
    }

    private static Matcher match(Pattern form, String cursor) {
        try {
            byte[] text = Base64.getUrlDecoder().decode(cursor);
            Matcher matcher = form.matcher(new String(text, StandardCharsets.UTF_8));
            if (matcher.matches()) {
                return matcher;
            }
        } catch (IllegalArgumentException _) {
            // Not even the alphabet fits: the same answer.
        }
        throw Failures.query("page[after] and page[before] take what a list has answered as next and previous");
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
