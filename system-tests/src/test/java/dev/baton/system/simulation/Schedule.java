package dev.baton.system.simulation;

import java.util.List;

/** One life of the world, from its seed: a storm, then calm weather until all is settled. Checked after every step. */
final class Schedule {
    /** After the storm: longer than the longest back-off and a lost lease together. */
    private static final long CALM_MAX_MS = 180_000;

    private final Meters meters;
    private final World world;
    private final Landscape landscape;
    private final Owners owners;
    private long checkedRecords = -1;
    private long checkedCommits = -1;

    Schedule(long seed, Meters meters, boolean traced) {
        this.meters = meters;
        world = new World(seed, traced);
        landscape = new Landscape(world, meters);
        owners = new Owners(world, landscape);
    }

    /** @throws Expect.Broken at the first step after which an invariant does not hold */
    void run() {
        double undecidable = meters.undecidable();
        landscape.begin();
        long deadlineMs = Timeline.BEGIN_MS + landscape.stormMs() + CALM_MAX_MS;
        boolean settled = false;
        while (!settled) {
            if (!world.time().step() || world.time().nowMs() > deadlineMs) {
                throw new Expect(world).failure("all to be settled %d ms after the storm, but not: %s", CALM_MAX_MS,
                        owners.unsettled());
            }
            settled = check();
        }
        new Expect(world).that(meters.undecidable() == undecidable,
                "every input to be decided, but an exception stopped some");
    }

    /** @return whether it is calm and all is settled */
    private boolean check() {
        world.witness().truth().advance();
        long records = world.witness().truth().records();
        long commits = landscape.sessions().commits() + landscape.runs().commits();
        if (records == checkedRecords && commits == checkedCommits && world.weather().stormy()) {
            return false;
        }
        checkedRecords = records;
        checkedCommits = commits;
        world.witness().oneWriterPerSession();
        owners.nobodyIsOrphaned();
        return !world.weather().stormy() && owners.allIsSettled();
    }

    int steps() {
        return world.time().steps();
    }

    long lastedMs() {
        return world.time().nowMs() - Timeline.BEGIN_MS;
    }

    List<String> trace() {
        return world.trace();
    }
}
