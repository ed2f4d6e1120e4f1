package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.List;

/** What everything in one schedule shares. One thread, one source of chance, one clock. */
final class World {
    private final long seed;
    private final Chance chance;
    private final Weather weather;
    private final Timeline time = new Timeline();
    private final Network network = new Network(this);
    private final Broker broker = new Broker(this);
    private final Witness witness = new Witness(this);
    private final List<String> trace;

    /** @param traced whether to write down what happens; costs most of the time there is */
    World(long seed, boolean traced) {
        this.seed = seed;
        this.chance = new Chance(seed);
        this.weather = new Weather(chance);
        this.trace = traced ? new ArrayList<>() : null;
    }

    long seed() {
        return seed;
    }

    Chance chance() {
        return chance;
    }

    Weather weather() {
        return weather;
    }

    Timeline time() {
        return time;
    }

    Network network() {
        return network;
    }

    Broker broker() {
        return broker;
    }

    Witness witness() {
        return witness;
    }

    /** For whoever has to find out what went wrong. */
    void note(String what, Object... details) {
        if (trace != null) {
            trace.add("%6d ms, step %4d: %s".formatted(time.nowMs() - Timeline.BEGIN_MS, time.steps(),
                    what.formatted(details)));
        }
    }

    List<String> trace() {
        return trace == null ? List.of() : trace;
    }
}
