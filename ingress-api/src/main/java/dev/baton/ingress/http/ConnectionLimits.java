package dev.baton.ingress.http;

import java.time.Duration;

import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

/**
 * How long clients may take. Streams and append sessions are longer than any of this: what counts there is that they
 * are not silent.
 *
 * @param idleMax a connection on which nothing moves; also a reader that takes nothing
 * @param arrivalMax from the first byte of a request's head to the last one, and again for its body
 */
public record ConnectionLimits(Duration idleMax, Duration arrivalMax) {
    /** Streams are silent for 5 s between pings: less would cut them off. */
    private static final int IDLE_MS_MIN = 6_000;
    private static final int ARRIVAL_MS_MIN = 1_000;

    /** @throws SettingsException when the numbers leave no time */
    public static ConnectionLimits of(Settings settings) {
        ConnectionLimits limits = new ConnectionLimits(settings.millis(Setting.IDLE_TIMEOUT_MS),
                settings.millis(Setting.REQUEST_TIMEOUT_MS));
        if (limits.idleMax().toMillis() < IDLE_MS_MIN || limits.arrivalMax().toMillis() < ARRIVAL_MS_MIN) {
            throw new SettingsException("expected " + Setting.IDLE_TIMEOUT_MS.key() + " of at least " + IDLE_MS_MIN
                    + " and " + Setting.REQUEST_TIMEOUT_MS.key() + " of at least " + ARRIVAL_MS_MIN + ", but was "
                    + limits.idleMax().toMillis() + " and " + limits.arrivalMax().toMillis());
        }
        return limits;
    }
}
