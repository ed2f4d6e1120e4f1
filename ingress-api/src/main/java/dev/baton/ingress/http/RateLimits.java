package dev.baton.ingress.http;

import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import io.javalin.http.Context;

import dev.baton.wire.Names;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

/**
 * One bucket per credential for requests under {@code /api} (contract §0.7). Channels are not limited: an agent or a
 * reader that is held back would hold back the conversation. The worker gateway is not limited either. Every ingress
 * counts for itself.
 */
public final class RateLimits {
    /** What lets clients sign tokens themselves must not fail because of what they do with them. */
    private static final String EXEMPT = "/api/v1/auth/jwt/claims";
    private static final String LIMITED = "/api/";
    private static final int BUCKETS_MAX = 10_000;

    private final int burst;
    private final int perSecond;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}; by fingerprint of the credential, the least recently used first. */
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** @param burst 0 for no limit */
    public RateLimits(int burst, int perSecond, Clock clock) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** @throws SettingsException when the numbers make no bucket */
    public static RateLimits of(Settings settings, Clock clock) {
        int burst = settings.number(Setting.RATE_LIMIT_BURST);
        int perSecond = settings.number(Setting.RATE_LIMIT_PER_SECOND);
        if (burst < 0 || perSecond < 1) {
            throw new SettingsException("expected " + Setting.RATE_LIMIT_BURST.key() + " of 0 or more and "
                    + Setting.RATE_LIMIT_PER_SECOND.key() + " of 1 or more, but was " + burst + " and " + perSecond);
        }
        return new RateLimits(burst, perSecond, clock);
    }

    /**
     * Counts a request. Only for credentials that were found good: guesses must not push out the buckets of others.
     *
     * @throws HttpFailure 429 when the bucket is empty
     */
    void count(Context ctx, String bearer) {
        if (burst == 0 || !ctx.path().startsWith(LIMITED) || ctx.path().equals(EXEMPT)) {
            return;
        }
        long now = clock.millis();
        TokenBucket.Taken taken = take(Names.fingerprint(bearer), now);
        ctx.header("x-ratelimit-limit", String.valueOf(taken.limit()));
        ctx.header("x-ratelimit-remaining", String.valueOf(taken.remaining()));
        ctx.header("x-ratelimit-reset", String.valueOf(taken.resetAt()));
        if (!taken.granted()) {
            throw Failures.rateLimited(taken, now);
        }
    }

    private TokenBucket.Taken take(String fingerprint, long now) {
        lock.lock();
        try {
            TokenBucket bucket = buckets.computeIfAbsent(fingerprint, _ -> new TokenBucket(burst, perSecond, now));
            if (buckets.size() > BUCKETS_MAX) {
                // The one that has had the longest time to fill up again.
                Iterator<TokenBucket> eldest = buckets.values().iterator();
                eldest.next();
                eldest.remove();
            }
            return bucket.take(now);
        } finally {
            lock.unlock();
        }
    }
}
