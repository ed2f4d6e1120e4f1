package dev.baton.agent.chat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.Agent;
import dev.baton.agent.AgentRun;
import dev.baton.agent.RunEnd;
import dev.baton.agent.Worker;
import dev.baton.agent.session.OutSender;
import dev.baton.agent.session.Session;

/**
 * An agent that answers one message after the other: each run boots from what is stored, answers what waits, then follows
 * {@code .in} until nothing comes for the idle window (design D10: it parks a virtual thread meanwhile).
 *
 * <pre>{@code
 * ChatAgent.builder("parrot").run(turn -> turn.answer().text(turn.userText())).build().serve(url, secretKey);
 * }</pre>
 *
 * <p>Immutable; one agent serves any number of chats at once. {@code docs/AGENTS.md} has the concepts and the order in which
 * hooks fire.
 *
 * @param <D> the type of the client data
 */
public final class ChatAgent<D> implements Agent {
    /** What a browser is told of an error that nobody has worded for it. */
    public static final String ERROR_TEXT_DEFAULT = "An error occurred.";

    private final String id;
    private final ClientDataType<D> clientData;
    private final Hooks<D> hooks;
    private final Limits limits;

    /**
     * @param idleTimeout absent: what the session says
     * @param preloadIdleTimeout absent: the idle timeout
     * @param turnTimeout zero: a run ends with its idle window
     * @param clientTokenLife zero: clients get none
     */
    record Limits(int maxTurns, Optional<Duration> idleTimeout, Optional<Duration> preloadIdleTimeout,
            Duration turnTimeout, Duration clientTokenLife) {}

    private ChatAgent(Builder<D> builder) {
        id = builder.id;
        clientData = builder.clientData;
        limits = new Limits(builder.maxTurns, builder.idleTimeout, builder.preloadIdleTimeout,
                builder.turnTimeout, builder.clientTokenLife);
        hooks = new Hooks<>(builder.run, builder.onBoot, builder.onRecoveryBoot, builder.onPreload,
                builder.onValidateMessages, Optional.ofNullable(builder.hydrateMessages),
                Optional.ofNullable(builder.onChatStart), builder.onTurnStart, builder.onBeforeTurnComplete,
                builder.onTurnComplete, Optional.ofNullable(builder.onAction), builder.compaction, builder.onCompacted,
                builder.onChatSuspend, builder.onChatResume, builder.onError);
    }

    /** @param id task identifier: sessions name it, and workers ask for its runs */
    public static Builder<JsonNode> builder(String id) {
        return new Builder<>(id, JsonNode.class);
    }

    public String id() {
        return id;
    }

    /** A worker for this agent that needs nothing but its gateway and key. */
    public Worker.Builder worker(String baseUrl, String secretKey) {
        return Worker.of(this, id, baseUrl, secretKey);
    }

    /** Serves chats until the thread is interrupted or the process is told to end. */
    public void serve(String baseUrl, String secretKey) throws InterruptedException {
        worker(baseUrl, secretKey).serve();
    }

    @Override
    public RunEnd run(AgentRun run) throws InterruptedException {
        Boot boot = BootReader.read(run, hooks.hydrateMessages().isPresent());
        Inbox inbox = new Inbox(boot.waiting(), boot.lastInSeq(), run::waiting);
        run.onDrain(inbox::end);
        String runId = run.assignment().runId();
        try (Deferred deferred = new Deferred(runId, Deferred.PATIENCE);
                OutSender out = new OutSender(run.session().openOut(boot.lastOutSeq()), runId);
                Session.Subscription _ = run.session().followIn(boot.lastInSeq(),
                        record -> inbox.offer(InEntry.of(record)))) {
            return new ChatRun<>(new RunScope<>(clientData, hooks, limits, run, boot, inbox,
                    new Conversation(boot.fold(), out), deferred,
                    new PublicTokens(run.session(), limits.clientTokenLife(), runId))).serve();
        }
    }

    /**
     * What an agent is made of. Only {@link #run} must be set. A hook that throws ends its turn with an error; where it is
     * otherwise, the hook says so.
     */
    public static final class Builder<D> {
        private static final int MAX_TURNS_DEFAULT = 100;
        private static final Duration CLIENT_TOKEN_LIFE_DEFAULT = Duration.ofHours(1);

        private final String id;
        private final ClientDataType<D> clientData;
        private boolean hasHooks;
        private Hook<Turn<D>> run;
        private Hook<ChatEvent.Boot<D>> onBoot = _ -> {};
        private AnsweringHook<ChatEvent.RecoveryBoot<D>, RecoveryPlan> onRecoveryBoot = _ -> RecoveryPlan.CONTINUE;
        private Hook<ChatEvent.Preload<D>> onPreload = _ -> {};
        private AnsweringHook<ChatEvent.ValidateMessages<D>, ObjectNode> onValidateMessages = ChatEvent.ValidateMessages::message;
        private AnsweringHook<ChatEvent.HydrateMessages<D>, List<ObjectNode>> hydrateMessages;
        private Hook<ChatEvent.ChatStart<D>> onChatStart;
        private Hook<ChatEvent.TurnStart<D>> onTurnStart = _ -> {};
        private Hook<ChatEvent.BeforeTurnComplete<D>> onBeforeTurnComplete = _ -> {};
        private Hook<ChatEvent.TurnComplete<D>> onTurnComplete = _ -> {};
        private Hooks.ActionHook<D, ?> onAction;
        private Optional<Compaction.Rules<D>> compaction = Optional.empty();
        private Hook<ChatEvent.Compacted<D>> onCompacted = _ -> {};
        private Hook<ChatEvent.Suspend<D>> onChatSuspend = _ -> {};
        private Hook<ChatEvent.Resume<D>> onChatResume = _ -> {};
        private Function<? super Exception, String> onError = ErrorText::ofDefault;
        private int maxTurns = MAX_TURNS_DEFAULT;
        private Optional<Duration> idleTimeout = Optional.empty();
        private Optional<Duration> preloadIdleTimeout = Optional.empty();
        private Duration turnTimeout = Duration.ZERO;
        private Duration clientTokenLife = CLIENT_TOKEN_LIFE_DEFAULT;

        private Builder(String id, Class<D> clientData) {
            this.id = Objects.requireNonNull(id, "id");
            this.clientData = new ClientDataType<>(clientData);
        }

        /**
         * The type of what clients send along with every message. A message whose client data does not fit gets an error turn.
         * Without this any JSON is taken. Comes first, because it gives the hooks their type.
         */
        public <T> Builder<T> clientData(Class<T> type) {
            if (hasHooks) {
                throw new IllegalStateException("expected clientData(" + type.getSimpleName()
                        + ".class) before the first hook, but there are hooks already: call it right after builder(…)");
            }
            return new Builder<>(id, type);
        }

        /** Answers a message: once per turn; not for actions, and not when an upgrade was requested before. */
        public Builder<D> run(Hook<Turn<D>> code) {
            run = code;
            return hooked();
        }

        /**
         * Once per run, before everything else: the place for locals (features #210). What it throws fails the run; a successor
         * is tried.
         */
        public Builder<D> onBoot(Hook<ChatEvent.Boot<D>> hook) {
            onBoot = hook;
            return hooked();
        }

        /**
         * After {@code onBoot}, only when the run before has left a part of an answer (features #211). What it throws is logged,
         * and the answer is continued.
         */
        public Builder<D> onRecoveryBoot(AnsweringHook<ChatEvent.RecoveryBoot<D>, RecoveryPlan> hook) {
            onRecoveryBoot = hook;
            return hooked();
        }

        /** After {@code onBoot}, only in a run that was started before there was a message. What it throws fails the run. */
        public Builder<D> onPreload(Hook<ChatEvent.Preload<D>> hook) {
            onPreload = hook;
            return hooked();
        }

        /**
         * First in every turn that brings a message; returns it or another one with the same id. The other one is what this run
         * sees; the stored history keeps what the client has sent.
         */
        public Builder<D> onValidateMessages(AnsweringHook<ChatEvent.ValidateMessages<D>, ObjectNode> hook) {
            onValidateMessages = hook;
            return hooked();
        }

        /** In every turn and before every action; what it returns is the history, including the message that came. */
        public Builder<D> hydrateMessages(AnsweringHook<ChatEvent.HydrateMessages<D>, List<ObjectNode>> hook) {
            hydrateMessages = hook;
            return hooked();
        }

        /**
         * In the first turn of the chat, whichever run that is, and never again (features #216, X11). A run that dies while it
         * executes this hook leaves it to the next one.
         */
        public Builder<D> onChatStart(Hook<ChatEvent.ChatStart<D>> hook) {
            onChatStart = hook;
            return hooked();
        }

        /** In every turn, right before {@code run}. */
        public Builder<D> onTurnStart(Hook<ChatEvent.TurnStart<D>> hook) {
            onTurnStart = hook;
            return hooked();
        }

        /** After {@code run}, also when it was stopped, not when it failed; what it writes joins the answer. */
        public Builder<D> onBeforeTurnComplete(Hook<ChatEvent.BeforeTurnComplete<D>> hook) {
            onBeforeTurnComplete = hook;
            return hooked();
        }

        /** When clients know that the turn is over, also after a stop or an error. What it throws is only logged. */
        public Builder<D> onTurnComplete(Hook<ChatEvent.TurnComplete<D>> hook) {
            onTurnComplete = hook;
            return hooked();
        }

        /**
         * For something a client did that is no message (features #231). Fires between the turns: {@code hydrateMessages}, this,
         * and no other hook. What is written here is an answer like that of a turn.
         */
        public <A> Builder<D> onAction(Class<A> type, Hook<ChatEvent.Action<D, A>> hook) {
            onAction = new Hooks.ActionHook<>(new ClientDataType<>(type), hook);
            return hooked();
        }

        /**
         * When a summary shall stand for the older part of the history towards the model, and how it is made (features #257, #258). Asked
         * after {@code run}, and between steps by {@link Turn#compactIfDue}. People go on seeing all messages. What it throws after
         * {@code run} is logged.
         */
        public Builder<D> compaction(AnsweringHook<ChatEvent.Compaction<D>, Boolean> due,
                AnsweringHook<ChatEvent.Compaction<D>, String> summary) {
            compaction = Optional.of(new Compaction.Rules<>(due, summary));
            return hooked();
        }

        /** Whenever a summary was made (features #233). What it throws is only logged. */
        public Builder<D> onCompacted(Hook<ChatEvent.Compacted<D>> hook) {
            onCompacted = hook;
            return hooked();
        }

        /**
         * When the idle window is over and the run goes on waiting, see {@link #turnTimeout}: the place to let go of what is dear (features
         * #230). What it throws is only logged.
         */
        public Builder<D> onChatSuspend(Hook<ChatEvent.Suspend<D>> hook) {
            onChatSuspend = hook;
            return hooked();
        }

        /** When a message comes after {@code onChatSuspend}, before its turn. What it throws is only logged. */
        public Builder<D> onChatResume(Hook<ChatEvent.Resume<D>> hook) {
            onChatResume = hook;
            return hooked();
        }

        /**
         * Words an error for the browser. Without this it is {@value ChatAgent#ERROR_TEXT_DEFAULT}, or what is wrong with the
         * client's own data: nothing internal is told.
         */
        public Builder<D> onError(Function<? super Exception, String> wording) {
            onError = wording;
            return hooked();
        }

        /** After so many turns a run ends and a new one goes on; default 100 (features #159). */
        public Builder<D> maxTurns(int turns) {
            if (turns < 1) {
                throw new IllegalArgumentException("expected at least 1 turn, but was " + turns);
            }
            maxTurns = turns;
            return this;
        }

        /** How long a run waits for the next message. Wins over what the session says (features #156). */
        public Builder<D> idleTimeout(Duration timeout) {
            idleTimeout = Optional.of(timeout);
            return this;
        }

        /** How long a preloaded run waits for its first message; the idle timeout where this is not set. */
        public Builder<D> preloadIdleTimeout(Duration timeout) {
            preloadIdleTimeout = Optional.of(timeout);
            return this;
        }

        /**
         * How long a run waits beyond its idle window before it ends (features #157): with it a late message finds the same run, its locals
         * and what is in memory. Zero unless it is set: the run ends, and its successor boots from what is stored.
         */
        public Builder<D> turnTimeout(Duration timeout) {
            turnTimeout = timeout;
            return this;
        }

        /** How long the tokens are good that clients get with each turn; 1 h unless it is set, zero for none. */
        public Builder<D> clientTokenLife(Duration life) {
            clientTokenLife = life;
            return this;
        }

        /** @throws IllegalStateException when there is nothing to run */
        public ChatAgent<D> build() {
            if (run == null) {
                throw new IllegalStateException("expected run(…) to be set for the agent " + id + ", but it is not");
            }
            return new ChatAgent<>(this);
        }

        private Builder<D> hooked() {
            hasHooks = true;
            return this;
        }
    }
}
