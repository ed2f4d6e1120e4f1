package dev.baton.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.session.domain.Decision;
import dev.baton.session.domain.SessionEvent;
import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRunRow;

/** Log lines of the moves that operators look for: who got a session and how runs ended. Never content. */
final class DecisionLog {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionLog.class);

    void decided(SessionKey key, Decision decision) {
        for (SessionEvent event : decision.events()) {
            switch (event) {
                case SessionEvent.SessionCreated creation -> LOG.atInfo()
                        .addKeyValue("sessionId", creation.profile().id()).log("session created");
                case SessionEvent.RunHandedOver handOver -> handedOver(handOver);
                case SessionEvent.RunEnded end -> LOG.atInfo().addKeyValue("session", fingerprint(key))
                        .addKeyValue("outcome", end.outcome().label()).addKeyValue("fruitlessRuns", end.fruitlessRuns())
                        .log("run ended");
                case SessionEvent.SessionClosed _ ->
                    LOG.atInfo().addKeyValue("session", fingerprint(key)).log("session closed");
                case SessionEvent.SessionDeleted _ ->
                    LOG.atInfo().addKeyValue("session", fingerprint(key)).log("session deleted");
                case SessionEvent.MessageGivenUp givenUp -> LOG.atWarn().addKeyValue("session", fingerprint(key))
                        .addKeyValue("seq", givenUp.inSeq()).addKeyValue("runId", givenUp.lastRun().runId())
                        .addKeyValue("generation", givenUp.lastRun().generation())
                        .addKeyValue("runs", givenUp.runs()).log("message given up: every run that tried was killed");
                case SessionEvent.SessionUpdated _,SessionEvent.InAppended _,SessionEvent.FirstTurnRequeued _,SessionEvent.RunStarted _,SessionEvent.TurnSettled _,SessionEvent.OutTrimmed _,SessionEvent.HistoryKept _ ->
                    {
                    }
            }
        }
    }

    private static void handedOver(SessionEvent.RunHandedOver handOver) {
        SessionRunRow run = handOver.run();
        LOG.atInfo().addKeyValue("sessionId", run.sessionId()).addKeyValue("runId", run.runId())
                .addKeyValue("generation", run.generation()).addKeyValue("reason", run.reason().label())
                .addKeyValue("delayMs", handOver.notBefore() - run.requestedAt()).log("session handed over");
    }

    /** The message of the failure stays out of the log: it may quote what a client sent. */
    void undecidable(SessionKey key, SessionInput input, RuntimeException failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        String kind = switch (input) {
            case SessionInput.Command command -> command.envelope().command().getClass().getSimpleName();
            case SessionInput.Report report -> report.event().getClass().getSimpleName();
        };
        LOG.atError().addKeyValue("session", fingerprint(key)).addKeyValue("input", kind)
                .addKeyValue("failure", failure.getClass().getName())
                .addKeyValue("where", frames.length == 0 ? "unknown" : frames[0]).log("dropped what cannot be decided");
    }

    private static String fingerprint(SessionKey key) {
        return Names.fingerprint(key.toString());
    }
}
