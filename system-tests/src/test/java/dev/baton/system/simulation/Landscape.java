package dev.baton.system.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.baton.run.domain.RunLimits;

/** All processes of one schedule: two of each service, three workers, one to three clients; and the blows they take. */
final class Landscape {
    static final long LEASE_TTL_MS = 5_000;
    /** Whom a worker may lose sight of: one that only its gateways miss writes on when its runs are taken away. */
    private static final List<Class<? extends SimulatedProcess>> KINDS = List.of(Gateway.class, Ingress.class,
            SimulatedProcess.class);

    private final World world;
    private final StreamsGroup sessions;
    private final StreamsGroup runs;
    private final List<Ingress> ingresses = new ArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final List<RunWorker> workers = new ArrayList<>();
    private final List<SimulatedChat> chats = new ArrayList<>();
    private final List<Sleeper> sleepers = new ArrayList<>();
    private final List<SimulatedProcess> servers = new ArrayList<>();
    private final Shelf shelf;
    private final SnapshotterGroup snapshotters;
    private final long stormMs;
    private int sessionIds;

    Landscape(World world, Meters meters) {
        this.world = world;
        this.stormMs = world.chance().between(3_000, 14_000);
        shelf = new Shelf(world);
        snapshotters = new SnapshotterGroup(world, shelf, meters.snapshotter());
        sessions = new StreamsGroup(world, new SessionTopologyParts(meters.processor()), 2);
        runs = new StreamsGroup(world,
                new RunTopologyParts(RunLimits.withLeaseTtl(Duration.ofMillis(LEASE_TTL_MS)), meters.runs()), 2);
        for (int i = 0; i < 2; i++) {
            ingresses.add(new Ingress(world, "ingress" + i));
            gateways.add(new Gateway(world, "gateway" + i));
        }
        for (int i = 0; i < 3; i++) {
            workers.add(new RunWorker(world, this, "worker" + i, "v" + (1 + i % 2)));
        }
        servers.addAll(sessions.processes());
        servers.addAll(runs.processes());
        servers.addAll(ingresses);
        servers.addAll(gateways);
        servers.addAll(workers);
        servers.addAll(snapshotters.processes());
        int chatCount = 1 + world.chance().below(3);
        for (int i = 0; i < chatCount; i++) {
            chats.add(new SimulatedChat(world, this, i));
            if (world.chance().oneIn(4)) {
                sleepers.add(new Sleeper(world, this, "sleeper" + i, chats.getLast().key()));
            }
        }
        servers.addAll(sleepers);
    }

    void begin() {
        servers.forEach(SimulatedProcess::start);
        chats.forEach(SimulatedProcess::start);
        world.time().after(world.weather().untilNextBlowMs(), this::blow);
        world.time().after(stormMs, this::calm);
    }

    private void calm() {
        world.note("the weather is calm");
        world.weather().calm();
        servers.forEach(SimulatedProcess::heal);
        workers.forEach(RunWorker::healRuns);
    }

    private void blow() {
        if (!world.weather().stormy()) {
            return;
        }
        Chance chance = world.chance();
        SimulatedProcess hit = chance.any(servers);
        switch (chance.below(6)) {
            case 0, 1 -> {
                hit.crash();
                world.time().after(chance.between(50, 4_000), hit::start);
            }
            case 2 -> hit.pause(chance.between(50, 9_000));
            case 3 -> chance.any(workers).separate(chance.any(KINDS), chance.between(1_000, 12_000));
            case 4 -> snapshotters.move(chance.below(Broker.PARTITIONS));
            default -> (chance.oneIn(2) ? sessions : runs).move(chance.below(Broker.PARTITIONS));
        }
        world.time().after(world.weather().untilNextBlowMs(), this::blow);
    }

    long stormMs() {
        return stormMs;
    }

    String nextSessionId() {
        return "session_c%024d".formatted(sessionIds++);
    }

    Ingress anyIngress() {
        return world.chance().any(ingresses);
    }

    Gateway anyGateway() {
        return world.chance().any(gateways);
    }

    StreamsGroup sessions() {
        return sessions;
    }

    StreamsGroup runs() {
        return runs;
    }

    Shelf shelf() {
        return shelf;
    }

    List<SimulatedChat> chats() {
        return chats;
    }
}
