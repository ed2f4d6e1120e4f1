package dev.baton.agent.testing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.RunEnd;
import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.ToolCall;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;

/**
 * One chat with an agent in this JVM, without any server: for unit tests of agents. The agent's own code and turn loop are real;
 * in memory are the two channels and the decisions who serves the session.
 *
 * <pre>{@code
 * try (OfflineChat chat = OfflineChat.with(agent)) {
 *     assertEquals("You said: hi", chat.send("hi").text());
 * }
 * }</pre>
 *
 * <p>What it does not have: snapshots, limits, versions of workers, time-outs of leases. Used by one thread, the one of the test.
 */
public final class OfflineChat implements AutoCloseable {
    private static final Duration PATIENCE_DEFAULT = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final OfflineChannels channels = new OfflineChannels();
    private final ObjectNode payload = WireJson.MAPPER.createObjectNode().put("chatId", Entries.CHAT_ID);
    // All below: guarded by the lock.
    private final OfflineRuns runs;
    private Duration patience = PATIENCE_DEFAULT;
    private Optional<JsonNode> clientData = Optional.empty();
    private Optional<String> closedReason = Optional.empty();
    private int userMessages;

    private OfflineChat(ChatAgent<?> agent) {
        runs = new OfflineRuns(this, agent, channels);
    }

    /** A chat that has not begun: the first thing that is sent begins it. */
    public static OfflineChat with(ChatAgent<?> agent) {
        return new OfflineChat(agent);
    }

    /** What is sent along from here on, and what the session is created with if it is not there yet. */
    public OfflineChat clientData(Object data) {
        JsonNode tree = WireJson.MAPPER.valueToTree(data);
        clientData = Optional.of(tree);
        if (runs().isEmpty()) {
            payload.set("metadata", tree);
        }
        return this;
    }

    /** How long it waits for an agent before it throws; 10 s unless it is set. */
    public OfflineChat patience(Duration newPatience) {
        patience = newPatience;
        return this;
    }

    /** Begins the chat with a run that waits for the first message. */
    public OfflineChat preload() throws InterruptedException {
        create(WireJson.MAPPER.createObjectNode().put("trigger", "preload"));
        awaitQuiet();
        return this;
    }

    /** Sends a message and waits until all is answered. */
    public OfflineAnswer send(String text) throws InterruptedException {
        return answerTo(() -> post(text));
    }

    /** Sends a message and does not wait. */
    public void post(String text) throws InterruptedException {
        ObjectNode entry = Entries.submit(Entries.userMessage(++userMessages, text), clientData);
        if (runs().isEmpty()) {
            channels.createdWith(entry);
            create((ObjectNode) entry.path("payload"));
        } else {
            append(entry);
        }
    }

    /** Asks for another answer to the last message. */
    public OfflineAnswer regenerate() throws InterruptedException {
        return answerTo(() -> append(Entries.message("regenerate-message", clientData)));
    }

    public OfflineAnswer action(Object action) throws InterruptedException {
        return answerTo(() -> postAction(action));
    }

    /** Sends an action and does not wait. */
    public void postAction(Object action) throws InterruptedException {
        append(Entries.action(WireJson.MAPPER.valueToTree(action), clientData));
    }

    /** A person gives a tool call its output. @param call as it stands in the history or in {@link OfflineAnswer#waitingToolCalls()} */
    public OfflineAnswer answerTool(ToolCall call, Object output) throws InterruptedException {
        ObjectNode part = Entries.toolPart(call.id(), call.toolName(), "output-available");
        part.set("output", WireJson.MAPPER.valueToTree(output));
        return answerTo(() -> append(Entries.toolAnswer(out().messageIds().getLast(), part, clientData)));
    }

    /** A person allows a tool call, or does not. */
    public OfflineAnswer approveTool(ToolCall call, boolean approved) throws InterruptedException {
        return answerTo(() -> postApproval(call, approved));
    }

    /** As {@link #approveTool}, and does not wait. */
    public void postApproval(ToolCall call, boolean approved) throws InterruptedException {
        ObjectNode part = Entries.toolPart(call.id(), call.toolName(), "approval-responded");
        part.putObject("approval").put("id", "approval-" + call.id()).put("approved", approved);
        append(Entries.toolAnswer(out().messageIds().getLast(), part, clientData));
    }

    /** Stops the turn that runs, and waits until it has ended. */
    public void stop() throws InterruptedException {
        append(Entries.stop());
        awaitQuiet();
    }

    /** Lets the run end as if its idle window were over, and waits until it has. */
    public void endRun() throws InterruptedException {
        Optional<OfflineRuns.Live> live = live();
        live.ifPresent(run -> run.agentRun().drain());
        await("the run to end", () -> live.isEmpty() || !runs.owns(live.get().run().generation()));
        awaitQuiet();
    }

    /** The run dies as if its machine had; if something is unanswered, a successor is at work when this returns. */
    public void crash() throws InterruptedException {
        Optional<OfflineRuns.Live> live = live();
        if (live.isPresent()) {
            ended(live.get().run().generation(), RunOutcome.CRASHED, Optional.empty());
            live.get().thread().interrupt();
            live.get().thread().join(patience);
        }
    }

    /** Waits until this text was written. */
    public void awaitText(String text) throws InterruptedException {
        await("the text '" + text + "' on .out", () -> out().text().contains(text));
    }

    /** Waits until all that was sent is dealt with, and the run waits or has ended. */
    public void awaitQuiet() throws InterruptedException {
        await("all messages to be answered", () -> runs.current().isEmpty()
                || runs.current().get().agentRun().waiting() && runs.current().get().session().delivered());
    }

    /** All that was written so far. */
    public OfflineAnswer out() {
        return new OfflineAnswer(channels.outFrom(0));
    }

    /** Who has served this chat, oldest first. */
    public List<OfflineRun> runs() {
        return locked(() -> runs.all());
    }

    /** Present when the agent has ended the conversation. */
    public Optional<String> closedReason() {
        return locked(() -> closedReason);
    }

    /** Ends whatever runs. */
    @Override
    public void close() {
        Optional<OfflineRuns.Live> live = live();
        closed("the test is over");
        live.ifPresent(run -> run.thread().interrupt());
    }

    private Optional<OfflineRuns.Live> live() {
        return locked(() -> runs.current());
    }

    private void create(ObjectNode firstPayload) {
        payload.setAll(firstPayload);
        locked(() -> runs.start(RunReason.INITIAL, payload));
    }

    private void append(JsonNode entry) throws InterruptedException {
        Optional<OfflineRuns.Live> live;
        lock.lock();
        try {
            if (closedReason.isPresent()) {
                throw new IllegalStateException(
                        "expected the chat to be open, but it is closed: " + closedReason.get());
            }
            channels.appendIn(entry);
            if (runs.current().isEmpty()) {
                runs.start(runs.all().isEmpty() ? RunReason.INITIAL : RunReason.CONTINUATION, payload);
            }
            live = runs.current();
        } finally {
            lock.unlock();
        }
        // Outside of the lock: the run may be in the middle of a call to this chat.
        if (live.isPresent()) {
            live.get().session().deliver();
        }
    }

    private OfflineAnswer answerTo(Sending sending) throws InterruptedException {
        int before = channels.outSize();
        sending.send();
        awaitQuiet();
        return new OfflineAnswer(channels.outFrom(before));
    }

    @FunctionalInterface
    private interface Sending {
        void send() throws InterruptedException;
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long nanosLeft = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!condition.getAsBoolean()) {
                if (nanosLeft <= 0) {
                    throw new AssertionError("expected " + what + " within " + patience.toSeconds() + " s, but .out is "
                            + out().outline() + " and the runs are " + runs.all());
                }
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
        } finally {
            lock.unlock();
        }
    }

    void changed() {
        locked(() -> true);
    }

    boolean owns(long generation) {
        return locked(() -> runs.owns(generation));
    }

    void ended(long generation, RunOutcome outcome, Optional<RunEnd> end) {
        locked(() -> {
            runs.ended(generation, outcome, end, payload, closedReason.isPresent());
            return outcome;
        });
    }

    String supersede(RunReason reason) {
        return locked(() -> runs.supersede(reason, payload));
    }

    void closed(String reason) {
        locked(() -> closedReason = closedReason.or(() -> Optional.of(reason)));
    }

    /** Whoever waits looks again afterwards. */
    private <T> T locked(Supplier<T> code) {
        lock.lock();
        try {
            T result = code.get();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }
}
