package dev.baton.system.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Something that can crash, start again and stand still. What it has planned happens only while it lives: after a crash
 * its plans and its memory are gone, and while it is paused its plans wait and are carried out late, as with SIGSTOP.
 */
abstract class SimulatedProcess {
    protected final World world;
    private final String name;
    private final long clockSkewMs;
    private int life;
    private boolean up;
    private long pausedUntilMs;
    private final Deque<Runnable> late = new ArrayDeque<>();
    private Class<? extends SimulatedProcess> separatedFrom = SimulatedProcess.class;
    private long separatedUntilMs;

    /** @param clockSkewMs how far its clock is ahead of the world's */
    SimulatedProcess(World world, String name, long clockSkewMs) {
        this.world = world;
        this.name = name;
        this.clockSkewMs = clockSkewMs;
    }

    /** A new life with empty memory. */
    protected abstract void begin();

    /** The process is gone: others may notice. */
    protected void gone() {}

    final void start() {
        if (!up) {
            up = true;
            life++;
            pausedUntilMs = 0;
            late.clear();
            separatedUntilMs = 0;
            world.note("%s starts, life %d", name, life);
            begin();
        }
    }

    final void crash() {
        if (up) {
            up = false;
            life++;
            world.note("%s crashes", name);
            gone();
        }
    }

    final void pause(long forMs) {
        world.note("%s stands still for %d ms", name, forMs);
        pausedUntilMs = Math.max(pausedUntilMs, world.time().nowMs() + forMs);
    }

    /** Neither side of the kind reaches the other over HTTP. */
    final void separate(Class<? extends SimulatedProcess> kind, long forMs) {
        world.note("%s is cut off from every %s for %d ms", name, kind.getSimpleName(), forMs);
        separatedFrom = kind;
        separatedUntilMs = world.time().nowMs() + forMs;
    }

    /** The weather is calm again; a pause runs out by itself. */
    final void heal() {
        separatedUntilMs = 0;
        start();
    }

    final boolean up() {
        return up;
    }

    final boolean paused() {
        return world.time().nowMs() < pausedUntilMs;
    }

    final boolean reaches(SimulatedProcess other) {
        return !separatedFrom(other) && !other.separatedFrom(this);
    }

    private boolean separatedFrom(SimulatedProcess other) {
        return world.time().nowMs() < separatedUntilMs && separatedFrom.isInstance(other);
    }

    final String name() {
        return name;
    }

    /** Tells this life from the ones before and after. */
    final int life() {
        return life;
    }

    /** Epoch milliseconds as this process sees them. */
    final long clockMs() {
        return world.time().nowMs() + clockSkewMs;
    }

    /** Plans an action of this life. */
    final void after(long delayMs, Runnable action) {
        int born = life;
        world.time().after(delayMs, () -> act(born, action));
    }

    /** What comes due while the process stands still waits in line, however often it is stopped meanwhile. */
    private void act(int born, Runnable action) {
        if (!up || life != born) {
            return;
        }
        if (paused() || !late.isEmpty()) {
            late.add(action);
            if (late.size() == 1) {
                world.time().at(pausedUntilMs, () -> catchUp(born));
            }
            return;
        }
        action.run();
    }

    private void catchUp(int born) {
        if (!up || life != born) {
            return;
        }
        if (!paused()) {
            late.remove().run();
        }
        if (life == born && !late.isEmpty()) {
            world.time().at(pausedUntilMs, () -> catchUp(born));
        }
    }
}
