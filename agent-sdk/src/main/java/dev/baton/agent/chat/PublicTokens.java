package dev.baton.agent.chat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.baton.agent.session.Session;

/**
 * The token that clients get with every turn-complete, so that a page which stays open never has to ask for one (contract §4.2).
 * Minted beside the turn; one serves the turns of half its life. A turn goes on without it when it cannot be had in time
 * (features #240). Used by the run's thread only.
 */
final class PublicTokens {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Session session;
    private final Duration life;
    private final String name;
    private FutureTask<String> minting;
    private long renewNanos;

    /** @param life of a token; zero when clients shall get none */
    PublicTokens(Session session, Duration life, String name) {
        this.session = session;
        this.life = life;
        this.name = name;
    }

    /** A turn begins: it will want a token. */
    void prepare() {
        if (life.isZero() || minting != null && System.nanoTime() - renewNanos < 0) {
            return;
        }
        renewNanos = System.nanoTime() + life.toNanos() / 2;
        minting = new FutureTask<>(() -> session.publicToken(life));
        Thread.ofVirtual().name("token-" + name).start(minting);
    }

    /** @param failed told why there is none */
    Optional<String> current(Consumer<Exception> failed) throws InterruptedException {
        if (minting == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(minting.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            minting = null;
            failed.accept(e);
            return Optional.empty();
        }
    }
}
