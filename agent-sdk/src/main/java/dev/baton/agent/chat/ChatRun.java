package dev.baton.agent.chat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import dev.baton.agent.AgentRun;
import dev.baton.agent.RunEnd;
import dev.baton.agent.http.CallRefusedException;
import dev.baton.agent.http.SupersededException;
import dev.baton.agent.http.UnreachableException;
import dev.baton.agent.session.OutSender;
import dev.baton.agent.session.OutgoingRecord;
import dev.baton.agent.session.SessionClient;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.history.ConversationFold;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunReason;

/**
 * The turns of one run. All of it happens on the run's thread. If the process dies, the successor finds the complete
 * turns and the words of the open one on {@code .out}; a turn counts as answered from its turn-complete on and not
 * before.
 */
final class ChatRun {
    private static final Logger LOG = LoggerFactory.getLogger(ChatRun.class);

    private final AgentRun run;
    private final TurnHandler handler;
    private final ConversationFold fold;
    private final Optional<Boot.Interrupted> interrupted;
    private final Inbox inbox;
    private final OutSender out;
    private int turns;
    private boolean firstTurnSettled;

    ChatRun(AgentRun run, TurnHandler handler, Boot boot, Inbox inbox, OutSender out) {
        this.run = run;
        this.handler = handler;
        this.fold = boot.fold();
        this.interrupted = boot.interrupted();
        this.inbox = inbox;
        this.out = out;
    }

    /** What to do after a message was dealt with. */
    private enum Next {
        /** Wait for the next one. */
        WAIT,
        /** Answer what is there already, then leave. */
        LEAVE_WHEN_EMPTY,
        /** Leave at once. */
        LEAVE
    }

    RunEnd serve(Duration idleTimeout) throws InterruptedException {
        Duration wait = idleTimeout;
        while (true) {
            Optional<Inbox.Taken> taken = inbox.take(wait);
            if (taken.isEmpty()) {
                return end(inbox.settledSeq());
            }
            InEntry.Message message = taken.get().message();
            switch (serve(taken.get())) {
                case WAIT -> consumed(message);
                case LEAVE_WHEN_EMPTY -> {
                    consumed(message);
                    wait = Duration.ZERO;
                }
                case LEAVE -> {
                    // A message that is handed over stays unsettled; a close is dealt with.
                    return end(message.trigger() == InEntry.Trigger.CLOSE ? inbox.settledSeq() : message.seq() - 1);
                }
            }
        }
    }

    private Next serve(Inbox.Taken taken) throws InterruptedException {
        return switch (taken.message().trigger()) {
            case SUBMIT -> isAnswered(taken.message()) ? Next.WAIT : answer(taken);
            case REGENERATE -> answer(taken);
            case CLOSE -> Next.LEAVE;
            case ACTION -> {
                log("action without a handler ignored");
                completeTurn();
                yield Next.WAIT;
            }
            case NONE -> Next.WAIT;
        };
    }

    private boolean isAnswered(InEntry.Message message) {
        return interruptedTurn(message).isEmpty() && new History(fold.messages()).answered(message.messageId());
    }

    private Optional<Boot.Interrupted> interruptedTurn(InEntry.Message message) {
        return interrupted.filter(turn -> turns == 0 && turn.message().equals(message));
    }

    private Next answer(Inbox.Taken taken) throws InterruptedException {
        Turn turn = begin(taken);
        try {
            handler.answer(turn);
            if (turn.handsOver()) {
                handOver();
                return Next.LEAVE;
            }
            turn.answer().finish();
        } catch (TurnStoppedException _) {
            turn.answer().abort();
        } catch (InterruptedException | SupersededException | UnreachableException | CallRefusedException e) {
            // These are the end of the run and not of the turn.
            throw e;
        } catch (Exception e) {
            fail(turn, e);
        }
        completeTurn();
        return turn.endsRun() ? Next.LEAVE_WHEN_EMPTY : Next.WAIT;
    }

    private Turn begin(Inbox.Taken taken) {
        InEntry.Message message = taken.message();
        Optional<Boot.Interrupted> resumed = interruptedTurn(message);
        String answerId = resumed.map(Boot.Interrupted::answerId)
                .orElseGet(() -> message.answerId(run.assignment().sessionId()));
        if (resumed.isEmpty()) {
            fold.input(message.data());
        }
        History history = new History(fold.messages()).without(answerId);
        ObjectNode userMessage = history.userMessage(message.messageId()).or(history::lastUserMessage)
                .orElseGet(WireJson.MAPPER::createObjectNode);
        String partPrefix = "text-" + run.assignment().generation() + "-" + run.assignment().attempt() + "-" + turns
                + "-";
        AnswerStream answer = new AnswerStream(answerId, partPrefix, resumed.isPresent(),
                resumed.map(Boot.Interrupted::openTextParts).orElse(List.of()), new FoldedSink(), taken.stop());
        return new Turn(run.assignment(), turns, history, userMessage,
                resumed.isPresent() ? fold.partial() : Optional.empty(), answer, taken.stop());
    }

    /** The message of the exception goes to the client as it is, as the protocol's own runtime does (features #332). */
    private void fail(Turn turn, Exception cause) throws InterruptedException {
        LOG.atWarn().addKeyValue("sessionId", run.assignment().sessionId())
                .addKeyValue("runId", run.assignment().runId()).addKeyValue("error", cause.getClass().getName())
                .log("turn failed");
        turn.answer().fail(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    }

    private void completeTurn() throws InterruptedException {
        long settled = inbox.settledSeq();
        ProtocolHeader[] siblings = settled < 0
                ? new ProtocolHeader[0]
                : new ProtocolHeader[]{
                        new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(settled))};
        out.send(OutgoingRecord.ofControl(ChannelRecord.control(ChannelRecord.TURN_COMPLETE, siblings)));
        out.flush();
        inbox.turnEnded();
        fold.completeTurn();
        turns++;
        log("turn complete");
    }

    private void consumed(InEntry.Message message) {
        inbox.turnEnded();
        firstTurnSettled |= message.seq() == SessionClient.FROM_START;
    }

    /**
     * The marker goes first: after the swap this run may not write any more. When the swap fails, the run leaves all the
     * same and its end starts the successor (features #145, design D4).
     */
    private void handOver() throws InterruptedException {
        out.send(OutgoingRecord.ofControl(ChannelRecord.control(ChannelRecord.UPGRADE_REQUIRED)));
        out.flush();
        try {
            SessionClient.HandOver answer = run.session().endAndContinue(RunReason.UPGRADE);
            log(answer.swapped() ? "handed over for an upgrade" : "another run owns the session already");
        } catch (SupersededException | UnreachableException | CallRefusedException e) {
            logEvent().addKeyValue("reason", e.getMessage()).log("hand-over failed, leaving all the same");
        }
    }

    private RunEnd end(long settledSeq) {
        return RunEnd.completed(settledSeq < 0 ? null : settledSeq, firstTurnSettled);
    }

    private void log(String event) {
        logEvent().log(event);
    }

    private LoggingEventBuilder logEvent() {
        return LOG.atInfo().addKeyValue("sessionId", run.assignment().sessionId())
                .addKeyValue("runId", run.assignment().runId())
                .addKeyValue("generation", run.assignment().generation()).addKeyValue("turns", turns);
    }

    /** Every chunk goes to the channel and into this run's own view of the conversation. */
    private final class FoldedSink implements ChunkSink {
        @Override
        public void write(ObjectNode chunk) throws InterruptedException {
            out.send(OutgoingRecord.ofChunk(chunk));
            fold.chunk(chunk);
        }

        @Override
        public void flush() throws InterruptedException {
            out.flush();
        }
    }
}
