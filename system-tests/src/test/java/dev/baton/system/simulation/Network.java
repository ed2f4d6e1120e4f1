package dev.baton.system.simulation;

import java.util.function.Consumer;

/** HTTP between processes: requests and answers are lost, delayed, overtake each other and, by retries, come twice. */
final class Network {
    private static final int USUAL_DELAY_MS = 8;
    private static final int LONG_DELAY_MS = 2_000;
    private static final int REFUSED_MS = 5;

    private final World world;

    Network(World world) {
        this.world = world;
    }

    /** Receives one answer: null when none came in time. */
    private static final class Once<A> {
        private final Consumer<A> receiver;
        private boolean answered;

        private Once(Consumer<A> receiver) {
            this.receiver = receiver;
        }

        private void answer(A answer) {
            if (!answered) {
                answered = true;
                receiver.accept(answer);
            }
        }
    }

    /**
     * One request.
     *
     * @param request what the server does; it gives its answer to the consumer, maybe later
     * @param answer gets the answer, or null when none came within {@code timeoutMs}
     */
    <A> void call(SimulatedProcess client, SimulatedProcess server, long timeoutMs, Consumer<Consumer<A>> request,
            Consumer<A> answer) {
        int life = client.life();
        Once<A> once = new Once<>(given -> {
            if (client.life() == life) {
                answer.accept(given);
            }
        });
        if (!server.up()) {
            client.after(REFUSED_MS, () -> once.answer(null));
            return;
        }
        client.after(timeoutMs, () -> once.answer(null));
        transmit(client, server,
                () -> request.accept(given -> transmit(server, client, () -> once.answer(given))));
    }

    private void transmit(SimulatedProcess from, SimulatedProcess to, Runnable delivery) {
        if (lost(from, to)) {
            return;
        }
        to.after(delayMs(), delivery);
        if (world.weather().twice()) {
            to.after(delayMs(), delivery);
        }
    }

    boolean lost(SimulatedProcess from, SimulatedProcess to) {
        return !from.reaches(to) || world.weather().loses();
    }

    long delayMs() {
        return world.weather().delays()
                ? world.chance().between(1, LONG_DELAY_MS)
                : world.chance().between(1,
                        USUAL_DELAY_MS);
    }
}
