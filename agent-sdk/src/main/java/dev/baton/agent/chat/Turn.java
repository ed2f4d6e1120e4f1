package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.history.HistoryEdit;
import dev.baton.wire.json.WireJson;

/** One turn, as the code that answers it and the hooks around it see it. Used by the run's thread only. */
public final class Turn<D> {
    /** Longest reason of a close (contract §1.6), in characters. */
    private static final int CLOSE_REASON_CHARS_MAX = 256;

    private final int number;
    private final Trigger trigger;
    private final AnswerStream answer;
    private final StopSignal stop;
    private final Optional<ObjectNode> partial;
    private final RunScope<D> scope;
    private final HistoryEditor editor;
    private final PendingMessages<D> pending;
    private final Compaction<D> compaction;
    /** Injected for this turn. */
    private final List<ObjectNode> instructions = new ArrayList<>();
    private RunContext<D> run;
    private History history;
    private ObjectNode message = WireJson.MAPPER.createObjectNode();
    private Stage stage = Stage.PREPARING;
    private boolean stopped;
    private boolean endRun;
    private boolean handsOver;
    private boolean leaves;
    private Optional<String> closeReason = Optional.empty();

    private enum Stage {
        PREPARING,
        RUNNING,
        CLOSING,
        OVER
    }

    Turn(RunScope<D> scope, RunContext<D> run, int number, Trigger trigger, History history,
            Optional<ObjectNode> partial, AnswerStream answer, StopSignal stop) {
        this.scope = scope;
        this.editor = scope.historyEditor();
        this.pending = new PendingMessages<>(scope);
        this.compaction = new Compaction<>(scope, this);
        this.run = run;
        this.number = number;
        this.trigger = trigger;
        this.history = history;
        this.partial = partial;
        this.answer = answer;
        this.stop = stop;
    }

    /** The run that serves this turn, with the client data of this message. */
    public RunContext<D> run() {
        return run;
    }

    /** Shorthand for the client data of this message. */
    public D clientData() {
        return run.clientData();
    }

    /** From 0 in every run, while the history may be long (features #165). Actions do not count. */
    public int number() {
        return number;
    }

    public Trigger trigger() {
        return trigger;
    }

    /**
     * Everything up to and including the message to answer, without any part of the answer. In {@code onValidateMessages} and
     * {@code hydrateMessages}: what came before that message.
     */
    public History history() {
        return history;
    }

    /** The message to answer; empty for an action. For answers to tool calls: the newest message of the user. */
    public ObjectNode message() {
        return message;
    }

    /** The text to answer. */
    public String userText() {
        return History.text(message);
    }

    /** What an earlier run wrote of this answer before it died. New parts are added to it. */
    public Optional<ObjectNode> partial() {
        return partial;
    }

    /**
     * Changes the history of the conversation for good (features #244): what the operator makes of it is the history from here on.
     * It gets everything so far, with the answer if there is a part of it. {@link #history()} changes at once; on {@code .out} it is recorded
     * with the end of the turn.
     *
     * @throws HistoryEditException in {@code onTurnComplete} and later, from another thread, in an agent that keeps the history
     *     itself, for the answer while it is being written, and for messages without an id
     * @throws ChunkTooLargeException when a message is too large to be recorded
     */
    public void editHistory(UnaryOperator<History> edit) {
        if (stage == Stage.OVER) {
            throw new HistoryEditException("expected an edit of the history before the end of the turn, but it is over:"
                    + " edit in onBeforeTurnComplete, or in the next turn");
        }
        HistoryEdit made = editor.edit(edit,
                stage == Stage.CLOSING ? Optional.empty() : Optional.of(answer.messageId()));
        history = new History(made.applyTo(history.messages()));
        message = history.message(message.path("id").asText()).orElse(message);
    }

    /**
     * What a model should be told, oldest first: {@link #history()}, its older part as a summary where there is one, and what was
     * injected. Ask again between steps.
     */
    public List<ObjectNode> context() {
        run.injections().drain(history.messages(), instructions);
        List<ObjectNode> context = new ArrayList<>(instructions);
        context.addAll(run.injections()
                .among(Summaries.applied(history.messages(), scope.conversation().answer())));
        return List.copyOf(context);
    }

    /** Messages of users that came while this turn runs, and wait for turns of their own (features #253). */
    public List<ObjectNode> pendingMessages() {
        return pending.waiting();
    }

    /**
     * Takes those messages into this turn: they are part of {@link #history()}, the answer is an answer to them too, and clients are
     * told at this place of the answer. For agents with several steps, between them. A message that {@code onValidateMessages}
     * refuses stays, and so do those behind it.
     *
     * @return what was taken, oldest first
     * @throws TurnOverException outside of {@code run}
     */
    public List<ObjectNode> takePendingMessages() throws InterruptedException {
        if (stage != Stage.RUNNING || trigger == Trigger.ACTION) {
            throw new TurnOverException("taking messages along");
        }
        List<ObjectNode> taken = pending.takeAlong(this);
        for (ObjectNode one : taken) {
            history = history.with(one);
        }
        return taken;
    }

    /**
     * Does something beside the turn, on a thread of its own. The end of the turn waits for it, at most 5 s; it may not write to the
     * answer. What is deferred in {@code onTurnComplete} goes on while the run waits for the next message (features #247). What it throws
     * is logged.
     */
    public void defer(DeferredWork work) {
        scope.deferred().start(work::call, e -> scope.warn("deferred work failed", e));
    }

    /**
     * Makes a summary of everything before the message to answer, if the agent's {@code compaction} says that it is time: for
     * agents with several steps, between them; once in a turn. After {@code run} that happens by itself.
     *
     * @return whether there is a new summary, so that {@link #context()} is another one
     */
    public boolean compactIfDue() throws Exception {
        return compaction.betweenSteps();
    }

    /**
     * Lets this text stand for everything before the message to answer, towards the model (features #259).
     *
     * @return false when there is nothing before it
     */
    public boolean compact(String summary) throws InterruptedException {
        return compaction.with(summary);
    }

    void compactAfterwards() throws InterruptedException {
        compaction.afterRun();
    }

    /** Where the answer goes. */
    public AnswerStream answer() {
        return answer;
    }

    /** Whether the user has stopped this turn. A stop that comes when the answer is written does not count. */
    public boolean stopped() {
        return stage == Stage.PREPARING || stage == Stage.RUNNING ? stop.isRaised() : stopped;
    }

    public StopSignal stopSignal() {
        return stop;
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
     * The session is handed to a run on the newest version. In a hook before {@code run}, that run answers this very message
     * (features #142); from {@code run} on, this turn is finished here and the run ends after it (features #144).
     */
    public void requestUpgrade() {
        if (stage == Stage.PREPARING) {
            handsOver = true;
        } else {
            leaves = true;
        }
    }

    /**
     * This turn is the last one of the conversation (features #162).
     *
     * @param reason at most 256 characters; clients see it
     * @throws TurnOverException in {@code onTurnComplete}: clients were told that the turn is over
     */
    public void close(String reason) {
        if (reason.length() > CLOSE_REASON_CHARS_MAX) {
            throw new IllegalArgumentException("expected a reason of at most " + CLOSE_REASON_CHARS_MAX
                    + " characters, but it has " + reason.length() + ": shorten it");
        }
        if (stage == Stage.OVER) {
            throw new TurnOverException("a close");
        }
        closeReason = Optional.of(reason);
    }

    void knows(RunContext<D> withClientData) {
        run = withClientData;
    }

    void answers(History newHistory, ObjectNode newMessage) {
        history = newHistory;
        message = newMessage;
    }

    void running() {
        stage = Stage.RUNNING;
    }

    void closing() throws InterruptedException {
        stopped = stop.isRaised();
        stage = Stage.CLOSING;
        answer.closing();
    }

    void over() {
        stage = Stage.OVER;
        answer.over();
    }

    boolean handsOver() {
        return handsOver;
    }

    Optional<String> closeReason() {
        return closeReason;
    }

    /** What the run does when this turn is over. */
    Next next() {
        if (leaves || handsOver || closeReason.isPresent()) {
            return Next.LEAVE;
        }
        return endRun ? Next.LEAVE_WHEN_EMPTY : Next.WAIT;
    }
}
