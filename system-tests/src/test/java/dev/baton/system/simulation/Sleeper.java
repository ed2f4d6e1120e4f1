package dev.baton.system.simulation;

import java.util.List;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.WaitRow;

/**
 * A runtime that suspends its run: it registers a wait for the next record of {@code .in}, asks until the wait is over, and
 * does the same again behind the record that woke it. What it has seen survives its crashes, its waits do as well.
 */
final class Sleeper extends SimulatedProcess {
    private static final long PATIENCE_MS = 3_000;
    private static final long ASK_MS = 500;
    private static final long KEY_TTL_MS = 60_000;
    private static final String RUN = "run_sleeper";

    private final Landscape landscape;
    private final SessionKey key;
    private int waits;
    private long seen = -1;

    Sleeper(World world, Landscape landscape, String name, SessionKey key) {
        super(world, name, 0);
        this.landscape = landscape;
        this.key = key;
    }

    @Override
    protected void begin() {
        sleep();
    }

    private void sleep() {
        if (world.weather().stormy()) {
            register(name() + '-' + waits++, seen, 0);
        }
    }

    /** Repeats come with the same idempotency key and stand for one wait. */
    private void register(String idempotencyKey, long after, int tries) {
        Ingress ingress = landscape.anyIngress();
        Long timeoutAt = world.chance().oneIn(2)
                ? Long.valueOf(ingress.clockMs() + world.chance().between(100, 6_000))
                : null;
        String waitpointId = "waitpoint_" + idempotencyKey + '-' + tries;
        world.network().<SessionReply>call(this, ingress, PATIENCE_MS,
                answer -> ingress.ask(key, new SessionCommand.RegisterWait(waitpointId, RUN, Channel.IN.wireName(),
                        after, timeoutAt, List.of(), idempotencyKey, ingress.clockMs() + KEY_TTL_MS), answer),
                reply -> {
                    if (reply instanceof SessionReply.WaitAnswered answered) {
                        askUntilOver(answered.waitpointId(), after);
                    } else if (world.weather().stormy()) {
                        after(ASK_MS, () -> register(idempotencyKey, after, tries + 1));
                    }
                });
    }

    private void askUntilOver(String waitpointId, long after) {
        Ingress ingress = landscape.anyIngress();
        world.network().<WaitRow>call(this, ingress, PATIENCE_MS,
                answer -> answer.accept(ingress.waits().find(waitpointId)
                        .filter(row -> row.statusAt(ingress.clockMs()) != WaitRow.Status.WAITING).orElse(null)),
                over -> {
                    if (over == null) {
                        after(ASK_MS, () -> askUntilOver(waitpointId, after));
                        return;
                    }
                    if (over.completedAt() != null) {
                        world.witness().woken(key, after, over);
                        seen = over.seq();
                    }
                    sleep();
                });
    }
}
