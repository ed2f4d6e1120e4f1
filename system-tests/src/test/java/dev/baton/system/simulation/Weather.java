package dev.baton.system.simulation;

/**
 * How bad it gets. Each schedule draws its own weather, so that some meet much of one kind and nothing of another; at the
 * end of each it is calm, and everything that was accepted must come right.
 */
final class Weather {
    private final Chance chance;
    private final int lossOneIn;
    private final int doublingOneIn;
    private final int delayOneIn;
    private final int agentTroubleOneIn;
    private final long usualGapMs;
    private final long rowLagMs;
    private boolean stormy = true;

    Weather(Chance chance) {
        this.chance = chance;
        lossOneIn = pick(0, 50, 10);
        doublingOneIn = pick(0, 40, 8);
        delayOneIn = pick(0, 30, 6);
        agentTroubleOneIn = pick(0, 6, 2);
        rowLagMs = pick(15, 150, 2_500);
        usualGapMs = pick(2_500, 1_000, 400);
    }

    private int pick(int... choices) {
        return choices[chance.below(choices.length)];
    }

    void calm() {
        stormy = false;
    }

    boolean stormy() {
        return stormy;
    }

    boolean loses() {
        return stormy && chance.oneIn(lossOneIn);
    }

    boolean twice() {
        return stormy && chance.oneIn(doublingOneIn);
    }

    boolean delays() {
        return stormy && chance.oneIn(delayOneIn);
    }

    boolean troublesAgent() {
        return stormy && chance.oneIn(agentTroubleOneIn);
    }

    /** Something that is usually fine fails. */
    boolean fails() {
        return stormy && chance.oneIn(12);
    }

    /** How far the rows that an ingress and the snapshotter know are usually behind. */
    long rowLagMs() {
        return stormy ? rowLagMs : 15;
    }

    /** Until the next crash, pause or move. */
    long untilNextBlowMs() {
        return chance.between(usualGapMs / 4, 2 * usualGapMs);
    }
}
