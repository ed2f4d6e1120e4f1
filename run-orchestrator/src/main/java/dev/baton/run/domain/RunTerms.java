package dev.baton.run.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.session.TriggerConfig;

/** What a request asks of the life of its run, read from its trigger config. Pure. */
final class RunTerms {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
    private static final Pattern SPAN = Pattern.compile("(?:\\d{1,9}(?:w|d|h|m|s))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(w|d|h|m|s)");
    private static final Map<String, Duration> UNITS = Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1), "d", Duration.ofDays(1), "w", Duration.ofDays(7));

    private RunTerms() {}

    /**
     * How long the run may wait for a worker, from when it was due. Seconds, or a span such as {@code 10m} or
     * {@code 1h30m}; nothing, 0 and what cannot be read mean for ever.
     */
    static Optional<Duration> ttl(StartRun request) {
        TriggerConfig config = request.config();
        if (config == null || config.ttl() == null) {
            return Optional.empty();
        }
        // JSON of a whole number, or of a text in quotes.
        String ttl = config.ttl().text().replace("\"", "");
        Duration wait = SECONDS.matcher(ttl).matches() ? Duration.ofSeconds(Long.parseLong(ttl)) : span(ttl);
        return wait.isPositive() ? Optional.of(wait) : Optional.empty();
    }

    /** How long the run may execute; waiting does not count. */
    static Optional<Duration> maxDuration(StartRun request) {
        return Optional.ofNullable(request.config()).map(TriggerConfig::maxDuration).map(Duration::ofSeconds);
    }

    /**
     * The limits that a run is counted under: its queue, or its task where it names none, and its concurrency names. With
     * a concurrency key every key has the limit for itself.
     */
    static List<LimitUse> limits(StartRun request) {
        TriggerConfig config = request.config();
        if (config == null) {
            return List.of(new LimitUse(request.taskIdentifier(), null));
        }
        List<String> names = new ArrayList<>();
        names.add(config.queue() == null ? request.taskIdentifier() : config.queue());
        names.addAll(config.concurrency() == null ? List.of() : config.concurrency());
        return names.stream().distinct().map(name -> new LimitUse(name, config.concurrencyKey())).toList();
    }

    /** One named limit; {@code key} is null where the run has none. */
    record LimitUse(String name, String key) {}

    private static Duration span(String text) {
        Duration span = Duration.ZERO;
        if (SPAN.matcher(text).matches()) {
            Matcher part = PART.matcher(text);
            while (part.find()) {
                span = span.plus(UNITS.get(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
            }
        }
        return span;
    }
}
