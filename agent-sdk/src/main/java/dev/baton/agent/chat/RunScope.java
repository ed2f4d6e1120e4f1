package dev.baton.agent.chat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import dev.baton.agent.AgentRun;
import dev.baton.agent.http.CallRefusedException;
import dev.baton.agent.http.SupersededException;
import dev.baton.agent.http.UnreachableException;
import dev.baton.wire.worker.DequeuedRun;

/** What the turns of one run share. */
record RunScope<D>(ClientDataType<D> clientDataType, Hooks<D> hooks, ChatAgent.Limits limits, AgentRun run, Boot boot,
        Inbox inbox, Conversation conversation, Deferred deferred, PublicTokens tokens) {
    private static final Logger LOG = LoggerFactory.getLogger(ChatRun.class);
    /** When neither agent nor payload names one (features #156), in seconds. */
    private static final int IDLE_TIMEOUT_DEFAULT_SECONDS = 30;
    /** Upper bound of the setting (contract §1.1), in seconds. */
    private static final int IDLE_TIMEOUT_MAX_SECONDS = 3_600;

    /** Code of the agent. */
    @FunctionalInterface
    interface AgentCode {
        void call() throws Exception;
    }

    DequeuedRun assignment() {
        return run.assignment();
    }

    /** What the run knows of itself at boot. */
    RunContext<D> contextAtBoot() {
        DequeuedRun assignment = assignment();
        JsonNode payload = assignment.payload().tree();
        boolean continuation = payload.path("continuation").asBoolean();
        boolean preloaded = !continuation && payload.path("trigger").asText().equals("preload");
        D clientData;
        try {
            clientData = clientDataType.read(payload.path("metadata"), "client data");
        } catch (ClientDataException _) {
            // Only a message can be answered with an error; this is no message.
            clientData = null;
        }
        return new RunContext<>(assignment.chatId(), assignment.sessionId(), assignment.runId(), assignment.attempt(),
                assignment.generation(), assignment.reason(), continuation,
                Optional.ofNullable(assignment.previousRunId()), preloaded, clientData, new Locals(), new Injections());
    }

    /** Client data of the message; where it brings none, that of the session. */
    D clientData(InEntry.Message message) {
        JsonNode own = message.metadata();
        return clientDataType.read(
                own.isMissingNode() || own.isNull() ? assignment().payload().tree().path("metadata") : own,
                "client data");
    }

    /** What {@code onValidateMessages} makes of the message that came. */
    InEntry.Message validated(Turn<D> turn, InEntry.Message message) throws Exception {
        Optional<ObjectNode> incoming = message.incoming();
        if (incoming.isEmpty()) {
            return message;
        }
        ObjectNode checked = hooks.onValidateMessages()
                .on(new ChatEvent.ValidateMessages<>(turn, incoming.get().deepCopy()));
        if (checked.equals(incoming.get())) {
            return message;
        }
        String id = checked.path("id").asText();
        if (!id.equals(message.messageId())) {
            throw new IllegalStateException("expected onValidateMessages to return a message with the id '"
                    + message.messageId() + "', but it has '" + id + "': keep the id and change the rest");
        }
        return message.withMessage(checked);
    }

    /** Waits for deferred work, a short while. */
    void settleDeferred() throws InterruptedException {
        int late = deferred.settle();
        if (late > 0) {
            logged(LOG.atWarn()).addKeyValue("late", late).log("deferred work takes long, going on without it");
        }
    }

    Duration idleTimeout() {
        int seconds = assignment().payload().tree().path("idleTimeoutInSeconds").asInt(IDLE_TIMEOUT_DEFAULT_SECONDS);
        return limits.idleTimeout()
                .orElseGet(() -> Duration.ofSeconds(Math.clamp(seconds, 0, IDLE_TIMEOUT_MAX_SECONDS)));
    }

    /** An answer for this entry; whatever another run has begun of it is named by its interruption. */
    AnswerStream answer(Inbox.Taken taken, int turn, Optional<Boot.Interrupted> continued, boolean anew) {
        DequeuedRun assignment = assignment();
        String answerId = continued.map(Boot.Interrupted::answerId).orElseGet(() -> answerId(taken.message(), anew));
        String partPrefix = assignment.generation() + "-" + assignment.attempt() + "-"
                + (taken.message().trigger() == Trigger.ACTION ? "a" + taken.message().seq() : turn) + "-";
        return new AnswerStream(new AnswerStream.Begin(answerId, partPrefix, continued.isPresent(),
                continued.map(Boot.Interrupted::openParts).orElse(List.of()),
                continued.isPresent() ? List.of() : callsIn(answerId)),
                conversation,
                taken.stop());
    }

    /** A run that takes up an answer may call the same tools again: what it writes of them takes the place of what is there. */
    private List<String> callsIn(String answerId) {
        return conversation.history().message(answerId).map(History::toolCalls).orElse(List.of()).stream()
                .map(ToolCall::id).toList();
    }

    HistoryEditor historyEditor() {
        return new HistoryEditor(conversation, hooks.hydrateMessages().isPresent());
    }

    private String answerId(InEntry.Message message, boolean anew) {
        if (anew) {
            return message.answerIdAnew(assignment().sessionId(), assignment().generation());
        }
        return Optional.of(message).filter(InEntry.Message::answersTools).flatMap(InEntry.Message::message)
                .flatMap(conversation.history()::messageWithCallOf)
                .orElseGet(() -> message.answerId(assignment().sessionId()));
    }

    /**
     * Calls the agent's code.
     *
     * @return what it threw
     * @throws InterruptedException and what else is the end of the run and not of the turn
     */
    Optional<Exception> failureOf(AgentCode code) throws InterruptedException {
        try {
            code.call();
            return Optional.empty();
        } catch (InterruptedException | SupersededException | UnreachableException | CallRefusedException e) {
            throw e;
        } catch (Exception e) {
            return Optional.of(e);
        }
    }

    LoggingEventBuilder log() {
        return logged(LOG.atInfo());
    }

    /** Names the error and its place but not its text, which may quote what people said. {@code onTurnComplete} gets all of it. */
    void warn(String what, Exception cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        logged(LOG.atWarn()).addKeyValue("error", cause.getClass().getName())
                .addKeyValue("at", trace.length == 0 ? "unknown" : trace[0]).log(what);
    }

    void warn(String what) {
        logged(LOG.atWarn()).log(what);
    }

    private LoggingEventBuilder logged(LoggingEventBuilder event) {
        return event.addKeyValue("sessionId", assignment().sessionId()).addKeyValue("runId", assignment().runId())
                .addKeyValue("generation", assignment().generation());
    }
}
