package dev.baton.agent.chat;

import java.time.Duration;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.worker.DequeuedRun;

/** One turn, as the code that answers it sees it. Used by the run's thread only. */
public final class Turn {
    private final DequeuedRun run;
    private final int number;
    private final History history;
    private final ObjectNode userMessage;
    private final Optional<ObjectNode> partial;
    private final AnswerStream answer;
    private final StopSignal stop;
    private boolean endRun;
    private boolean upgrade;

    Turn(DequeuedRun run, int number, History history, ObjectNode userMessage, Optional<ObjectNode> partial,
            AnswerStream answer, StopSignal stop) {
        this.run = run;
        this.number = number;
        this.history = history;
        this.userMessage = userMessage;
        this.partial = partial;
        this.answer = answer;
        this.stop = stop;
    }

    /** The run that serves this turn. */
    public DequeuedRun run() {
        return run;
    }

    /** From 0 in every run, while the history may be long (features #165). */
    public int number() {
        return number;
    }

    /** Everything up to and including the message to answer, without any part of the answer. */
    public History history() {
        return history;
    }

    /** The text to answer. */
    public String userText() {
        return History.text(userMessage);
    }

    /** What an earlier run wrote of this answer before it died. New parts are added to it. */
    public Optional<ObjectNode> partial() {
        return partial;
    }

    public AnswerStream answer() {
        return answer;
    }

    public boolean stopped() {
        return stop.isRaised();
    }

    /**
     * Waits.
     *
     * @throws TurnStoppedException as soon as the user stops the turn
     */
    public void pause(Duration duration) throws InterruptedException {
        if (stop.await(duration)) {
            throw new TurnStoppedException();
        }
    }

    /** The run ends after this turn and after those that wait already, instead of idling (features #160). */
    public void endRun() {
        endRun = true;
    }

    /**
     * The session is handed to a run on the newest version. Before anything was written, that run answers this very
     * message (features #142); later, this turn is finished here and the run ends after it (features #144).
     */
    public void requestUpgrade() {
        upgrade = true;
    }

    boolean endsRun() {
        return endRun || upgrade;
    }

    boolean handsOver() {
        return upgrade && !answer.started();
    }
}
