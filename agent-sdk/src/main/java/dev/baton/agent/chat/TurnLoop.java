package dev.baton.agent.chat;

import java.time.Duration;

import dev.baton.agent.Agent;
import dev.baton.agent.AgentRun;
import dev.baton.agent.RunEnd;
import dev.baton.agent.session.InSubscription;
import dev.baton.agent.session.OutSender;

/**
 * An agent that answers one message after the other: boots from what is stored, answers what waits, then follows
 * {@code .in} until nothing comes for the idle window (design D10: it parks a virtual thread meanwhile).
 */
public final class TurnLoop implements Agent {
    /** When the payload names none (features #156), in seconds. */
    private static final int IDLE_TIMEOUT_DEFAULT_SECONDS = 30;
    /** Upper bound of the setting (contract §1.1), in seconds. */
    private static final int IDLE_TIMEOUT_MAX_SECONDS = 3_600;

    private final TurnHandler handler;

    public TurnLoop(TurnHandler handler) {
        this.handler = handler;
    }

    @Override
    public RunEnd run(AgentRun run) throws InterruptedException {
        Boot boot = BootReader.read(run);
        Inbox inbox = new Inbox(boot.waiting(), boot.lastInSeq());
        run.onDrain(inbox::end);
        String runId = run.assignment().runId();
        try (OutSender out = new OutSender(run.session().openOut(boot.lastOutSeq()), runId);
                InSubscription _ = run.session().followIn(boot.lastInSeq(),
                        record -> inbox.offer(InEntry.of(record)))) {
            return new ChatRun(run, handler, boot, inbox, out).serve(idleTimeout(run));
        }
    }

    private static Duration idleTimeout(AgentRun run) {
        int seconds = run.assignment().payload().tree().path("idleTimeoutInSeconds")
                .asInt(IDLE_TIMEOUT_DEFAULT_SECONDS);
        return Duration.ofSeconds(Math.clamp(seconds, 0, IDLE_TIMEOUT_MAX_SECONDS));
    }
}
