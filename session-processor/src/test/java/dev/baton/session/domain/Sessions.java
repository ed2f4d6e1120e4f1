package dev.baton.session.domain;

import java.util.List;
import java.util.OptionalLong;

import dev.baton.wire.Names;
import dev.baton.wire.json.Json;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.TriggerConfig;

/** One session in every state a test may need, made by the decider itself. */
public final class Sessions {
    public static final SessionKey KEY = new SessionKey("env_dev", "chat-1");
    public static final String ID = "session_c000000000000000000000001";
    public static final long NOW = 1_000_000;
    public static final Json PRELOAD = new Json("{\"chatId\":\"chat-1\",\"trigger\":\"preload\"}");
    public static final Json FIRST_MESSAGE = new Json(
            "{\"chatId\":\"chat-1\",\"trigger\":\"submit-message\",\"message\":{\"id\":\"m1\"},\"messages\":[1]}");
    public static final String BODY = "{\"data\":\"hello\",\"id\":\"p1\"}";

    private Sessions() {}

    public static String runId(long generation) {
        return Names.runId(ID, generation);
    }

    public static TriggerConfig config(Json basePayload) {
        return new TriggerConfig(basePayload, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    public static SessionCommand.CreateSession create(Json basePayload) {
        return create(basePayload, null, null, null);
    }

    public static SessionCommand.CreateSession create(Json basePayload, List<String> tags, Json metadata,
            Long expiresAt) {
        return new SessionCommand.CreateSession(ID, "chat-1", "chat.agent", "echo", config(basePayload), tags, metadata,
                expiresAt);
    }

    public static SessionCommand.AppendIn append(String partId) {
        return new SessionCommand.AppendIn(partId, BODY);
    }

    public static SessionCommand.EndAndContinue upgradeBy(String runId) {
        return new SessionCommand.EndAndContinue(runId, RunReason.UPGRADE, null);
    }

    public static RunEvent.RunStarted started(long generation, long fenceOutSeq) {
        return new RunEvent.RunStarted(runId(generation), generation, NOW, 1, "worker_1", "v1", fenceOutSeq);
    }

    public static RunEvent.RunEnded ended(long generation, RunOutcome outcome) {
        return new RunEvent.RunEnded(runId(generation), generation, NOW, outcome, null, false, null);
    }

    public static SessionDecider.Occasion at(long at) {
        return new SessionDecider.Occasion(KEY, at, OptionalLong.empty());
    }

    public static SessionDecider.Occasion claimed(long seq) {
        return new SessionDecider.Occasion(KEY, NOW, OptionalLong.of(seq));
    }

    public static Decision decide(SessionState state, SessionCommand command) {
        return SessionDecider.decide(state, command, at(NOW));
    }

    public static SessionState after(SessionState state, SessionCommand command) {
        return SessionEvolver.evolve(state, decide(state, command).events());
    }

    public static SessionState after(SessionState state, RunEvent event) {
        return SessionEvolver.evolve(state, SessionDecider.decide(state, event).events());
    }

    /** Preloaded, its run not yet with a worker. */
    public static SessionState.Open requested() {
        return (SessionState.Open) after(SessionState.ABSENT, create(PRELOAD));
    }

    public static SessionState.Open live() {
        return (SessionState.Open) after(requested(), started(1, 10));
    }

    /** Its run has gone after the idle window. */
    public static SessionState.Open idle() {
        return (SessionState.Open) after(live(), ended(1, RunOutcome.COMPLETED));
    }

    /** Open, with a live run, and past its time from {@link #NOW} on. */
    public static SessionState.Open expired() {
        SessionState created = SessionEvolver.evolve(SessionState.ABSENT, SessionDecider
                .decide(SessionState.ABSENT, create(PRELOAD, null, null, NOW), at(NOW - 1)).events());
        return (SessionState.Open) after(created, started(1, 10));
    }

    public static SessionState.Closed closed() {
        return (SessionState.Closed) after(live(), new SessionCommand.CloseSession("done", null));
    }

    /** It had tags, metadata, a first message and a run that said why it failed. */
    public static SessionState.Deleted deleted() {
        SessionState created = after(SessionState.ABSENT,
                create(FIRST_MESSAGE, List.of("secret tag"), new Json("{\"secret\":1}"), NOW + 1));
        SessionState failed = after(after(created, started(1, 10)),
                new RunEvent.RunEnded(runId(1), 1, NOW, RunOutcome.FAILED, null, true, "secret error"));
        return (SessionState.Deleted) after(after(failed, new SessionCommand.CloseSession("secret reason", null)),
                new SessionCommand.DeleteSession());
    }

    public static SessionFacts facts(SessionState state) {
        return ((SessionState.Known) state).facts();
    }

    public static <T> List<T> effects(Decision decision, Class<T> type) {
        return decision.effects().stream().filter(type::isInstance).map(type::cast).toList();
    }

    public static <T> T only(Decision decision, Class<T> type) {
        List<T> found = effects(decision, type);
        if (found.size() != 1) {
            throw new AssertionError("expected one " + type.getSimpleName() + ", but was " + decision.effects());
        }
        return found.getFirst();
    }
}
