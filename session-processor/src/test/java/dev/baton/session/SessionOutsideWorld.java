package dev.baton.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import dev.baton.session.RestartableDriver.Output;
import dev.baton.session.domain.Sessions;
import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

/**
 * Clients, runs and the snapshotter of a few sessions, drawn from a seed: sensible inputs, late ones and wrong ones. Clocks
 * of ingresses differ by some seconds.
 */
final class SessionOutsideWorld {
    private static final int SESSIONS = 3;
    static final SessionKey ANOTHER = key(SESSIONS);
    private static final int SKEW_MS = 5_000;
    /** Dead waits are looked for at this pace, counted from the start of a process. */
    private static final Duration WALK = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private final SessionTopologies topologies;
    /** As the topology has published it, by session. */
    private final Map<Integer, Long> generations = new TreeMap<>();
    private final Map<String, Long> sideSeqs = new TreeMap<>();
    private long outSeq;
    private int waits;

    SessionOutsideWorld(long seed, SessionTopologies topologies) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.topologies = topologies;
    }

    static SessionKey key(int session) {
        return new SessionKey("env_dev", "chat-" + session);
    }

    private static String sessionId(int session) {
        return Names.SESSION_ID_PREFIX + "c00000000000000000000000" + session;
    }

    /** Highest seq of every side channel that was written to. */
    Map<String, Long> sideSeqs() {
        return sideSeqs;
    }

    /** @return what was done, for failures */
    String acts() {
        int session = random.nextInt(SESSIONS);
        if (random.nextInt(6) == 0) {
            topologies.passes(WALK);
            return WALK + " pass";
        }
        if (random.nextInt(3) == 0) {
            RunEvent event = report(session);
            hear(session, topologies.reports(key(session), event));
            return "session " + session + ": " + event;
        }
        if (random.nextInt(8) == 0) {
            SessionKey side = Names.sideChannelKey(key(session), "side-" + random.nextInt(2));
            List<Output> said = topologies.commands(side, new SessionCommand.AppendSide(partId(), Sessions.BODY), at());
            said.stream().filter(each -> each.topic().equals(Names.SESSION_IN_TOPIC))
                    .forEach(_ -> sideSeqs.merge(side.toString(), 0L, (held, _) -> held + 1));
            return "append to " + side;
        }
        SessionCommand command = command(session);
        hear(session, topologies.commands(key(session), command, at()));
        return "session " + session + ": " + command;
    }

    private SessionCommand command(int session) {
        if (!generations.containsKey(session) && random.nextBoolean()) {
            return create(session, null);
        }
        return switch (random.nextInt(17)) {
            case 0, 1 -> create(session, random.nextInt(6) == 0 ? topologies.nowMs() + 60_000 : null);
            case 2 -> new SessionCommand.UpdateSession(List.of("t" + random.nextInt(2)), null, random.nextBoolean());
            case 3 -> random.nextInt(4) == 0
                    ? new SessionCommand.DeleteSession()
                    : new SessionCommand.CloseSession("bye", random.nextBoolean() ? runId(session) : null);
            case 4 -> new SessionCommand.EndAndContinue(runId(session), RunReason.UPGRADE, "v2");
            case 5, 6 -> new SessionCommand.SettleTurn(generation(session), random.nextInt(12) - 1L, outSeq += 5);
            case 7 -> new SessionCommand.TrimOut(generation(session), outSeq - random.nextInt(20));
            case 8 -> new SessionCommand.CancelRun(runId(session));
            case 9, 10 -> registration(session);
            case 11 -> new SessionCommand.CompleteWaits(random.nextBoolean() ? "in" : "out",
                    random.nextBoolean() ? "waitpoint_" + random.nextInt(waits + 1) : null, outSeq);
            default -> new SessionCommand.AppendIn(partId(), Sessions.BODY);
        };
    }

    private SessionCommand.CreateSession create(int session, Long expiresAt) {
        return new SessionCommand.CreateSession(sessionId(session), key(session).chatId(), "chat.agent", "echo",
                Sessions.config(random.nextBoolean() ? Sessions.PRELOAD : Sessions.FIRST_MESSAGE), null, null,
                expiresAt);
    }

    private SessionCommand registration(int session) {
        boolean keyed = random.nextBoolean();
        return new SessionCommand.RegisterWait("waitpoint_" + waits++, runId(session),
                random.nextBoolean() ? "in" : "out", random.nextInt(8) - 1L,
                random.nextBoolean() ? topologies.nowMs() + 15_000 : null, List.of(),
                keyed ? "k" + random.nextInt(3) : null, keyed ? topologies.nowMs() + 25_000 : null);
    }

    private RunEvent report(int session) {
        long generation = generation(session);
        return random.nextBoolean()
                ? new RunEvent.RunStarted(Names.runId(sessionId(session), generation), generation, at(),
                        1 + random.nextInt(2), "worker-1", "v1", outSeq += 5)
                : ended(session, generation, RunOutcome.values()[random.nextInt(RunOutcome.values().length)]);
    }

    private RunEvent.RunEnded ended(int session, long generation, RunOutcome outcome) {
        return new RunEvent.RunEnded(Names.runId(sessionId(session), generation), generation, at(), outcome,
                random.nextBoolean() ? random.nextLong(12) : null, random.nextInt(4) == 0, "said why");
    }

    /** Half of the sessions are closed and half of them expire; their runs end, and a week and a day pass. */
    void finishesEverything() {
        for (int session = 0; session < SESSIONS; session++) {
            hear(session, topologies.commands(key(session), create(session, null), topologies.nowMs()));
            SessionCommand finish = session % 2 == 0
                    ? new SessionCommand.CloseSession("bye", null)
                    : create(session, topologies.nowMs() + 1);
            hear(session, topologies.commands(key(session), finish, topologies.nowMs()));
            topologies.passes(WALK);
            topologies.reports(key(session), ended(session, generations.get(session), RunOutcome.CANCELLED));
        }
        topologies.passes(Duration.ofDays(8));
    }

    /** Somebody else goes on: time stands still in a store of claims until the next claim. */
    void anotherSessionGoesOn() {
        topologies.commands(ANOTHER, create(SESSIONS, null), topologies.nowMs());
        topologies.commands(ANOTHER, new SessionCommand.AppendIn("p", Sessions.BODY), topologies.nowMs());
    }

    private void hear(int session, List<Output> outputs) {
        outputs.stream().filter(output -> output.topic().equals(Names.SESSIONS_TOPIC))
                .map(output -> WireJson.read(output.value(), SessionRow.class))
                .forEach(row -> generations.put(session, row.generation()));
    }

    private String partId() {
        return random.nextBoolean() ? "p" + random.nextInt(6) : null;
    }

    private String runId(int session) {
        return Names.runId(sessionId(session), generation(session));
    }

    /** Mostly that of the current run. */
    private long generation(int session) {
        long current = generations.getOrDefault(session, 0L);
        return random.nextInt(5) == 0 ? Math.max(0, current + random.nextInt(4) - 2) : current;
    }

    private long at() {
        return topologies.nowMs() + random.nextInt(SKEW_MS);
    }
}
