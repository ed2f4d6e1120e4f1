package dev.baton.run.gateway;

import java.util.concurrent.CompletableFuture;

import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/** Where fences go: {@code baton.session.out} (design D5). */
@FunctionalInterface
public interface FenceLog {
    /** Completes with the fence's {@code .out} seq when all replicas have it. Writing one twice does no harm. */
    CompletableFuture<Long> append(SessionKey key, Writer successor);
}
