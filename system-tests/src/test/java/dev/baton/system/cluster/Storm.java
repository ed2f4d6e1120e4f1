package dev.baton.system.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Hits members of a deployment at random: kill -9 and a new life some seconds later, or SIGSTOP and SIGCONT. One broker at a
 * time, and the next one only when all replicas are in sync again (two of three must have a record); of the others at most
 * one of each kind at a time, so that work goes on.
 */
final class Storm {
    private static final int PAUSE_BETWEEN_MS_MIN = 1_500;
    private static final int PAUSE_BETWEEN_MS_MAX = 4_500;
    private static final int DOWN_MS_MAX = 8_000;

    private final Deployment deployment;
    private final History history;
    private final Random random;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(4,
            Thread.ofPlatform().name("storm-", 0).daemon().factory());
    /** Kinds of which a member is down or standing still. */
    private final Set<String> hit = ConcurrentHashMap.newKeySet();
    private final List<Future<?>> recoveries = new ArrayList<>();
    private final Map<String, Integer> blows = new TreeMap<>();

    Storm(Deployment deployment, History history, long seed) {
        this.deployment = deployment;
        this.history = history;
        this.random = new Random(seed);
    }

    /** Returns when the time is over and everybody is up again. */
    void rage(Duration time) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + time.toNanos();
        try {
            while (System.nanoTime() < end) {
                // The pace of the storm, not a wait for anything.
                clock.schedule(this::blow, between(PAUSE_BETWEEN_MS_MIN, PAUSE_BETWEEN_MS_MAX), TimeUnit.MILLISECONDS)
                        .get();
            }
            for (Future<?> recovery : recoveries) {
                recovery.get();
            }
        } finally {
            clock.shutdownNow();
        }
    }

    /** How many of which kind, for the log of the test. */
    Map<String, Integer> blows() {
        return blows;
    }

    private void blow() {
        List<Member> members = deployment.members();
        Member victim = members.get(random.nextInt(members.size()));
        String kind = kind(victim);
        boolean kill = random.nextBoolean();
        int downMs = between(0, DOWN_MS_MAX);
        if (kind.equals("broker") && !hit.contains(kind) && !deployment.brokers().whole() || !hit.add(kind)) {
            return;
        }
        blows.merge((kill ? "kill " : "pause ") + kind, 1, Integer::sum);
        history.note(victim.name(), kill ? "killed" : "paused", downMs + " ms");
        if (kill) {
            victim.process().kill();
        } else {
            victim.process().pause();
        }
        recoveries.add(clock.schedule(() -> recover(victim, kill), downMs, TimeUnit.MILLISECONDS));
    }

    private void recover(Member victim, boolean killed) {
        if (killed) {
            victim.start();
        } else {
            victim.process().resume();
        }
        history.note(victim.name(), killed ? "started" : "resumed", "");
        hit.remove(kind(victim));
    }

    private static String kind(Member member) {
        return member.name().substring(0, member.name().lastIndexOf('-'));
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }
}
