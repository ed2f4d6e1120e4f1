package dev.baton.ingress.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.javalin.http.Context;

import dev.baton.ingress.view.Paging;

/** Takes typed parameters out of a query string; one that does not fit ends the request with a 400 (contract §0.5). */
final class QueryReader {
    private static final int PAGE_SIZE_MAX = 100;
    private static final Pattern COUNT = Pattern.compile("\\d{1,4}");
    private static final Pattern EPOCH_MS = Pattern.compile("-?\\d{1,16}");
    private static final Pattern PERIOD = Pattern.compile("(\\d{1,9})(s|m|h|d|w)");
    /** The framework would leave such a parameter out, and a filter that is left out shows too much. */
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final Map<String, Duration> UNITS = Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1), "d", Duration.ofDays(1), "w", Duration.ofDays(7));

    private final Map<String, List<String>> parameters;

    QueryReader(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    static QueryReader of(Context ctx) {
        if (ctx.queryString() != null && BROKEN_ESCAPE.matcher(ctx.queryString()).find()) {
            throw Failures.query("the query string holds a '%' that no two hex digits follow");
        }
        return new QueryReader(ctx.queryParamMap());
    }

    /** The values of a parameter that may be repeated and may join values with commas. */
    Set<String> anyOf(String name) {
        Set<String> values = new LinkedHashSet<>();
        exact(name).forEach(joined -> values.addAll(Arrays.asList(joined.split(","))));
        values.remove("");
        return values;
    }

    /** The values of a parameter that may be repeated and whose values may hold commas. */
    Set<String> exact(String name) {
        Set<String> values = new LinkedHashSet<>(parameters.getOrDefault(name, List.of()));
        values.remove("");
        return values;
    }

    /** Null when it is absent or empty. */
    private String single(String name) {
        Set<String> values = exact(name);
        if (values.size() > 1) {
            throw Failures.query(name + " must be given once");
        }
        return values.isEmpty() ? null : values.iterator().next();
    }

    long epochMs(String name, long absent) {
        String text = single(name);
        if (text == null) {
            return absent;
        }
        if (!EPOCH_MS.matcher(text).matches()) {
            throw Failures.query(name + " must be a time in epoch milliseconds");
        }
        return Long.parseLong(text);
    }

    /** A length of time as {@code 90s}, {@code 30m}, {@code 12h}, {@code 1d} or {@code 2w}; null when it is absent. */
    Duration period(String name) {
        String text = single(name);
        if (text == null) {
            return null;
        }
        Matcher matcher = PERIOD.matcher(text);
        if (!matcher.matches()) {
            throw Failures.query(name + " must be a number and a unit of s, m, h, d or w");
        }
        return UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
    }

    /** {@code page[size]}, {@code page[after]} and {@code page[before]} (contract §1.3). */
    <P> Paging<P> paging(int sizeDefault, Function<String, P> place) {
        String after = single("page[after]");
        String before = single("page[before]");
        if (after != null && before != null) {
            throw Failures.query("page[after] and page[before] exclude each other");
        }
        return new Paging<>(pageSize(sizeDefault), after == null ? null : place.apply(after),
                before == null ? null : place.apply(before));
    }

    private int pageSize(int absent) {
        return number("page[size]", PAGE_SIZE_MAX, absent);
    }

    /** From 1 to {@code max}. */
    int number(String name, int max, int absent) {
        String text = single(name);
        if (text == null) {
            return absent;
        }
        int number = COUNT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (number < 1 || number > max) {
            throw Failures.query(name + " must be a whole number from 1 to " + max);
        }
        return number;
    }

    /** Whether a parameter that knows this one value has it. */
    boolean is(String name, String value) {
        String text = single(name);
        if (text != null && !text.equals(value)) {
            throw Failures.query(name + " must be '" + value + "' or absent");
        }
        return text != null;
    }

    /** A cursor. */
    <P> P place(String name, Function<String, P> place, P absent) {
        String text = single(name);
        return text == null ? absent : place.apply(text);
    }
}
