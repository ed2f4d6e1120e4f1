package dev.baton.ingress.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Texts and times as the clients' JavaScript takes and prints them (contract §1.1, §1.2). Pure. */
final class JsText {
    /** JavaScript's times end 100 million days around 1970. */
    private static final double TIME_MS_MAX = 8.64e15;
    private static final Pattern ENDS = Pattern.compile("^[\\s\\p{Z}\\uFEFF]+|[\\s\\p{Z}\\uFEFF]+$");
    /** What {@code Date.toString} prints, without the name of the zone behind it. */
    private static final DateTimeFormatter PRINTED = DateTimeFormatter.ofPattern("EEE MMM dd yyyy HH:mm:ss 'GMT'xx",
            Locale.ENGLISH);
    private static final List<Function<String, Instant>> FORMS = List.of(Instant::parse,
            text -> OffsetDateTime.parse(text).toInstant(),
            text -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC),
            text -> startOf(LocalDate.parse(text)),
            text -> startOf(YearMonth.parse(text).atDay(1)),
            text -> startOf(Year.parse(text).atDay(1)),
            text -> OffsetDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant(),
            text -> OffsetDateTime.parse(text.replaceFirst(" \\(.*\\)$", ""), PRINTED).toInstant());
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    /** Years of more than four digits have a sign and six of them. */
    private static final DateTimeFormatter ISO_FAR = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 6, 6, SignStyle.ALWAYS).appendPattern("-MM-dd'T'HH:mm:ss.SSS'Z'")
            .toFormatter(Locale.ROOT).withZone(ZoneOffset.UTC);

    private JsText() {}

    /** Without what JavaScript counts as white space around it, the no-break space and the byte order mark included. */
    static String trim(String text) {
        return ENDS.matcher(text).replaceAll("");
    }

    /**
     * Epoch milliseconds of a date: the ISO forms of JavaScript and what its dates print. A text without a zone is UTC.
     *
     * @return null when it is no date
     */
    static Long time(String text) {
        String trimmed = trim(text);
        for (Function<String, Instant> form : FORMS) {
            try {
                return time(form.apply(trimmed).toEpochMilli());
            } catch (DateTimeException | ArithmeticException _) {
                // The next form may fit.
            }
        }
        return null;
    }

    /** Epoch milliseconds, null beyond what JavaScript holds. */
    static Long time(double epochMs) {
        return Math.abs(epochMs) <= TIME_MS_MAX ? Long.valueOf((long) epochMs) : null;
    }

    private static Instant startOf(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** As {@code Date.toISOString} prints it. */
    static String iso(long epochMs) {
        Instant instant = Instant.ofEpochMilli(epochMs);
        int year = instant.atOffset(ZoneOffset.UTC).getYear();
        return (year < 0 || year > 9999 ? ISO_FAR : ISO).format(instant);
    }
}
