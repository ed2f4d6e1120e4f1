package dev.baton.ingress.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

/** One bucket per credential, for requests of one kind. Safe for all threads. */
final class TokenBuckets {
    private static final int BUCKETS_MAX = 10_000;

    private final int burst;
    private final int perSecond;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}; by fingerprint of the credential, the least recently used first. */
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** @param burst 0 for no limit */
    TokenBuckets(int burst, int perSecond) {
        this.burst = burst;
        this.perSecond = perSecond;
    }

    /** @throws SettingsException when the numbers make no bucket */
    static TokenBuckets of(Settings settings, Setting burstSetting, Setting rateSetting) {
        int burst = settings.number(burstSetting);
        int perSecond = settings.number(rateSetting);
        if (burst < 0 || perSecond < 1) {
            throw new SettingsException("expected " + burstSetting.key() + " of 0 or more and " + rateSetting.key()
                    + " of 1 or more, but was " + burst + " and " + perSecond);
        }
        return new TokenBuckets(burst, perSecond);
    }

    boolean limited() {
        return burst > 0;
    }

    TokenBucket.Taken take(String fingerprint, long now) {
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
