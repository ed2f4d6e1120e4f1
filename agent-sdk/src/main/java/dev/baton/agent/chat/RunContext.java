package dev.baton.agent.chat;

import java.util.Optional;

import dev.baton.wire.session.RunReason;

/**
 * Which run of which chat this is; every event has it (features #239).
 *
 * @param chatId the id that clients use
 * @param generation rises with every run of the session
 * @param reason why this run exists
 * @param continuation whether the session had a run before
 * @param previousRunId that run
 * @param preloaded whether this run was started before there was a message
 * @param clientData of the message in question; at boot that of the session. Null where it does not fit its type, which
 *     only {@code onBoot}, {@code onRecoveryBoot}, {@code onPreload} and {@code onTurnComplete} of an errored turn can meet
 * @param locals values that live as long as this run
 * @param injections what the model is told besides the chat
 */
public record RunContext<D>(String chatId, String sessionId, String runId, int attempt, long generation,
        RunReason reason, boolean continuation, Optional<String> previousRunId, boolean preloaded, D clientData,
        Locals locals, Injections injections) {
    RunContext<D> withClientData(D newClientData) {
        return new RunContext<>(chatId, sessionId, runId, attempt, generation, reason, continuation, previousRunId,
                preloaded, newClientData, locals, injections);
    }
}
