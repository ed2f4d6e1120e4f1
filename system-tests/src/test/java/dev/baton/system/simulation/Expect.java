package dev.baton.system.simulation;

/** How a schedule fails: with the seed that repeats it, the step at which it went wrong, and what was expected. */
final class Expect {
    private final World world;

    Expect(World world) {
        this.world = world;
    }

    void that(boolean holds, String expected, Object... details) {
        if (!holds) {
            throw failure(expected, details);
        }
    }

    Broken failure(String expected, Object... details) {
        return new Broken("seed %d, step %d: expected %s".formatted(world.seed(), world.time().steps(),
                expected.formatted(details)));
    }

    /** An invariant that did not hold. */
    static final class Broken extends AssertionError {
        private static final long serialVersionUID = 1L;

        private Broken(String message) {
            super(message);
        }
    }
}
