package dev.baton.ingress.http;

import java.time.Clock;
import java.util.Optional;

import io.javalin.http.Context;

import dev.baton.wire.Names;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

/**
 * Two buckets per credential: for requests under {@code /api} (contract §0.7; features #85) and for appends to channels.
 * Readers and direct writes are not limited: an agent or a reader that is held back would hold back the conversation.
 * The worker gateway is not limited either. Every ingress counts for itself.
 */
public final class RateLimits {
    /** What lets clients sign tokens themselves must not fail because of what they do with them. */
    private static final String EXEMPT = "/api/v1/auth/jwt/claims";
    private static final String API = "/api/";
    private static final String REALTIME = "/realtime/";
    private static final String APPEND = "/append";

    private final TokenBuckets api;
    private final TokenBuckets appends;
    private final Clock clock;

    RateLimits(TokenBuckets api, TokenBuckets appends, Clock clock) {
        this.api = api;
        this.appends = appends;
        this.clock = clock;
    }

    /**
     * The same for both kinds.
     *
     * @param burst 0 for no limit
     */
    public RateLimits(int burst, int perSecond, Clock clock) {
        this(new TokenBuckets(burst, perSecond), new TokenBuckets(burst, perSecond), clock);
    }

    /** @throws SettingsException when the numbers make no bucket */
    public static RateLimits of(Settings settings, Clock clock) {
        return new RateLimits(
                TokenBuckets.of(settings, Setting.RATE_LIMIT_BURST, Setting.RATE_LIMIT_PER_SECOND),
                TokenBuckets.of(settings, Setting.APPEND_RATE_LIMIT_BURST, Setting.APPEND_RATE_LIMIT_PER_SECOND),
                clock);
    }

    /**
     * Counts a request. Only for credentials that were found good: guesses must not push out the buckets of others.
     *
     * @throws HttpFailure 429 when the bucket is empty
     */
    void count(Context ctx, String bearer) {
        Optional<TokenBuckets> buckets = bucketsFor(ctx.path()).filter(TokenBuckets::limited);
        if (buckets.isEmpty()) {
            return;
        }
        long now = clock.millis();
        TokenBucket.Taken taken = buckets.get().take(Names.fingerprint(bearer), now);
        ctx.header("x-ratelimit-limit", String.valueOf(taken.limit()));
        ctx.header("x-ratelimit-remaining", String.valueOf(taken.remaining()));
        ctx.header("x-ratelimit-reset", String.valueOf(taken.resetAt()));
        if (!taken.granted()) {
            throw Failures.rateLimited(taken, now);
        }
    }

    private Optional<TokenBuckets> bucketsFor(String path) {
        if (path.startsWith(API) && !path.equals(EXEMPT)) {
            return Optional.of(api);
        }
        return path.startsWith(REALTIME) && path.endsWith(APPEND) ? Optional.of(appends) : Optional.empty();
    }
}
