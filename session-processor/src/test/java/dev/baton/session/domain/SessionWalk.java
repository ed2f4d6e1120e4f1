package dev.baton.session.domain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;

/** The life of one session under commands and reports drawn from a seed: sensible ones, late ones and wrong ones. */
final class SessionWalk {
    /** @param at clock of the input */
    record Step(SessionState before, Decision decision, SessionState after, long at) {}

    private final Random random;
    private final Map<String, Long> claims = new HashMap<>();
    private SessionState state = SessionState.ABSENT;
    private long now = Sessions.NOW;
    private long outSeq;

    SessionWalk(long seed) {
        random = new Random(seed);
    }

    Step next() {
        now += random.nextInt(2_000);
        SessionState before = state;
        Decision decision = random.nextInt(3) == 0
                ? SessionDecider.decide(before, report())
                : command(before);
        state = SessionEvolver.evolve(before, decision.events());
        return new Step(before, decision, state, now);
    }

    private Decision command(SessionState before) {
        String partId = random.nextBoolean() ? "p" + random.nextInt(6) : null;
        SessionCommand command = command(partId);
        Long claimed = command instanceof SessionCommand.AppendIn ? claims.get(partId) : null;
        Decision decision = SessionDecider.decide(before, command, new SessionDecider.Occasion(Sessions.KEY, now,
                claimed == null ? OptionalLong.empty() : OptionalLong.of(claimed)));
        for (var claim : Sessions.effects(decision, SessionEffect.ClaimPart.class)) {
            claims.put(claim.partId(), claim.seq());
        }
        return decision;
    }

    private SessionCommand command(String partId) {
        return switch (random.nextInt(14)) {
            case 0, 1 -> Sessions.create(random.nextBoolean() ? Sessions.PRELOAD : Sessions.FIRST_MESSAGE, null, null,
                    random.nextInt(4) == 0 ? now + random.nextInt(40_000) : null);
            case 2 -> new SessionCommand.UpdateSession(List.of("t" + random.nextInt(2)), null, random.nextBoolean());
            case 3 -> random.nextInt(8) == 0
                    ? ending()
                    : Sessions.append(partId);
            case 4, 5 -> new SessionCommand.EndAndContinue(runId(), RunReason.UPGRADE, null);
            case 6, 7, 8 -> new SessionCommand.SettleTurn(generation(), random.nextInt(12) - 1L, outSeq += 5);
            case 9 -> random.nextInt(6) == 0
                    ? new SessionCommand.KeepHistory()
                    : new SessionCommand.TrimOut(generation(), outSeq - random.nextInt(20));
            case 10 -> new SessionCommand.CancelRun(runId());
            default -> Sessions.append(partId);
        };
    }

    private SessionCommand ending() {
        return random.nextInt(3) == 0
                ? new SessionCommand.DeleteSession()
                : new SessionCommand.CloseSession("bye", random.nextBoolean() ? runId() : null);
    }

    private RunEvent report() {
        RunOutcome[] outcomes = RunOutcome.values();
        long generation = generation();
        return random.nextBoolean()
                ? new RunEvent.RunStarted(Sessions.runId(generation), generation, now, 1 + random.nextInt(2), "w", "v1",
                        outSeq += 5)
                : new RunEvent.RunEnded(Sessions.runId(generation), generation, now,
                        outcomes[random.nextInt(outcomes.length)], random.nextBoolean() ? random.nextLong(12) : null,
                        random.nextInt(4) == 0, null);
    }

    private String runId() {
        return Sessions.runId(generation());
    }

    /** Mostly that of the current run. */
    private long generation() {
        long current = state.lastRun().map(run -> run.generation()).orElse(0L);
        return random.nextInt(5) == 0 ? Math.max(0, current + random.nextInt(4) - 2) : current;
    }
}
