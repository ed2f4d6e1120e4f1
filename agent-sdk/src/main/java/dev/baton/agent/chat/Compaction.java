package dev.baton.agent.chat;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Makes the summaries of one turn (features #233, #257, #258). After {@code run} only when none was made between its steps, and never in
 * front of a person who still has to answer. Used by the run's thread only.
 */
final class Compaction<D> {
    private final RunScope<D> scope;
    private final Turn<D> turn;
    private boolean done;

    /** What an agent says about its compaction. */
    record Rules<D>(AnsweringHook<ChatEvent.Compaction<D>, Boolean> due,
            AnsweringHook<ChatEvent.Compaction<D>, String> summary) {}

    Compaction(RunScope<D> scope, Turn<D> turn) {
        this.scope = scope;
        this.turn = turn;
    }

    boolean betweenSteps() throws Exception {
        List<ObjectNode> older = beforeTheMessage();
        return !done && scope.hooks().compaction().isPresent() && !older.isEmpty() && ifDue(older, true);
    }

    boolean with(String summary) throws InterruptedException {
        List<ObjectNode> older = beforeTheMessage();
        if (older.isEmpty()) {
            return false;
        }
        store(older, summary, true);
        return true;
    }

    /** The answer is written: it is not lost to a summary that could not be made. */
    void afterRun() throws InterruptedException {
        Optional<ObjectNode> answer = scope.conversation().answer();
        if (done || answer.isEmpty() || scope.hooks().compaction().isEmpty()
                || History.toolCalls(answer.get()).stream().anyMatch(ToolCall::waits)) {
            return;
        }
        List<ObjectNode> messages = turn.history().with(answer.get()).messages();
        scope.failureOf(() -> ifDue(messages, false)).ifPresent(e -> scope.warn("compaction failed", e));
    }

    private boolean ifDue(List<ObjectNode> messages, boolean betweenSteps) throws Exception {
        Rules<D> rules = scope.hooks().compaction().orElseThrow();
        ChatEvent.Compaction<D> event = new ChatEvent.Compaction<>(turn,
                Summaries.applied(messages, scope.conversation().answer()), betweenSteps);
        if (!rules.due().on(event)) {
            return false;
        }
        turn.answer().write(Summaries.begun(messages.getLast().path("id").asText()));
        store(messages, rules.summary().on(event), betweenSteps);
        return true;
    }

    private void store(List<ObjectNode> messages, String summary, boolean betweenSteps) throws InterruptedException {
        List<ObjectNode> before = Summaries.applied(messages, scope.conversation().answer());
        turn.answer().write(Summaries.made(messages, summary));
        done = true;
        scope.failureOf(() -> scope.hooks().onCompacted()
                .on(new ChatEvent.Compacted<>(turn, before, summary, betweenSteps)))
                .ifPresent(e -> scope.warn("onCompacted failed", e));
    }

    /** What came before the message to answer, and before the answer where that goes on with an older message. */
    private List<ObjectNode> beforeTheMessage() {
        List<ObjectNode> messages = turn.history().messages();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).equals(turn.message())
                    || messages.get(i).path("id").asText().equals(turn.answer().messageId())) {
                return messages.subList(0, i);
            }
        }
        return messages;
    }
}
