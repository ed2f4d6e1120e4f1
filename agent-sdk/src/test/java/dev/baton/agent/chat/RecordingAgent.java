package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.SimulatedCrash;
import dev.baton.agent.testing.OfflineChat;

import static org.awaitility.Awaitility.await;

/**
 * An agent with every hook that notes which of them are called, and between them what clients were told on {@code .out}. What it
 * shall do besides is scripted per hook, once.
 */
final class RecordingAgent {
    /** What is noted of {@code .out}: everything that ends something. */
    private static final Set<String> MARKS = Set.of("turn-complete", "upgrade-required", "error", "abort");

    private final Map<String, Hook<ChatEvent<JsonNode>>> script = new HashMap<>();
    private final List<String> noted = new ArrayList<>();
    private boolean hydrates;
    private boolean actions = true;
    private boolean parks;
    private boolean compacts;
    private int maxTurns = 100;
    private RecoveryPlan plan = RecoveryPlan.CONTINUE;
    private OfflineChat chat;
    private int seen;

    /** The hook does this the next time it is called; {@code run} is a hook like any other. */
    RecordingAgent once(String hook, Hook<ChatEvent<JsonNode>> behaviour) {
        script.put(hook, behaviour);
        return this;
    }

    RecordingAgent failingOnceIn(String hook) {
        return once(hook, _ -> {
            throw new IllegalStateException("secret of " + hook);
        });
    }

    RecordingAgent hydrating() {
        hydrates = true;
        return this;
    }

    RecordingAgent withoutActions() {
        actions = false;
        return this;
    }

    /** Its idle window is over at once, and it stays all the same. */
    RecordingAgent parking() {
        parks = true;
        return this;
    }

    /** Makes a summary in the first turn. */
    RecordingAgent compacting() {
        compacts = true;
        return this;
    }

    RecordingAgent maxTurns(int turns) {
        maxTurns = turns;
        return this;
    }

    RecordingAgent recoveringWith(RecoveryPlan newPlan) {
        plan = newPlan;
        return this;
    }

    /** Writes a part of the answer and dies. */
    static void crashAfter(String text, ChatEvent<JsonNode> event) throws InterruptedException {
        Turn<JsonNode> turn = turn(event);
        turn.answer().text(text);
        turn.answer().flush();
        throw new SimulatedCrash("as scripted");
    }

    static Turn<JsonNode> turn(ChatEvent<JsonNode> event) {
        return ((ChatEvent.OfTurn<JsonNode>) event).turn();
    }

    OfflineChat chat() {
        chat = OfflineChat.with(agent());
        return chat;
    }

    void awaitNoted(String hook) {
        await().until(() -> noted().contains(hook));
    }

    /** What has happened, in order; each run begins with its number and reason. */
    synchronized List<String> noted() {
        noteMarks();
        return List.copyOf(noted);
    }

    private ChatAgent<JsonNode> agent() {
        ChatAgent.Builder<JsonNode> builder = ChatAgent.builder("recording").onBoot(this::boot)
                .onRecoveryBoot(event -> {
                    note("onRecoveryBoot", event);
                    return plan;
                }).onPreload(event -> note("onPreload", event)).onValidateMessages(event -> {
                    note("onValidateMessages", event);
                    return event.message();
                }).onChatStart(event -> note("onChatStart", event)).onTurnStart(event -> note("onTurnStart", event))
                .run(this::run).onBeforeTurnComplete(event -> note("onBeforeTurnComplete", event))
                .onTurnComplete(this::turnComplete).maxTurns(maxTurns);
        builder.onChatSuspend(event -> note("onChatSuspend", event))
                .onChatResume(event -> note("onChatResume", event))
                .onCompacted(event -> note("onCompacted", event));
        if (parks) {
            builder.idleTimeout(Duration.ofMillis(1)).turnTimeout(Duration.ofMinutes(1));
        }
        if (compacts) {
            builder.compaction(event -> event.messages().size() == 2, _ -> "summary");
        }
        if (hydrates) {
            builder.hydrateMessages(this::hydrate);
        }
        return (actions ? builder.onAction(JsonNode.class, event -> note("onAction", event)) : builder).build();
    }

    private void boot(ChatEvent.Boot<JsonNode> event) throws Exception {
        synchronized (this) {
            noteMarks();
            noted.add("run " + event.run().generation() + " (" + event.run().reason().label() + "):");
        }
        note("onBoot", event);
    }

    private List<ObjectNode> hydrate(ChatEvent.HydrateMessages<JsonNode> event) throws Exception {
        note("hydrateMessages", event);
        List<ObjectNode> messages = new ArrayList<>(event.previousMessages());
        event.incoming().ifPresent(messages::add);
        return messages;
    }

    private void run(Turn<JsonNode> turn) throws Exception {
        Optional<Hook<ChatEvent<JsonNode>>> scripted = noteOf("run");
        if (scripted.isPresent()) {
            scripted.get().on(new ChatEvent.TurnStart<>(turn));
        } else {
            turn.answer().text(turn.partial().isPresent() ? "the rest" : "answer");
        }
    }

    private void turnComplete(ChatEvent.TurnComplete<JsonNode> event) throws Exception {
        String how = event.error().isPresent() ? " (error)" : event.turn().stopped() ? " (stopped)" : "";
        Optional<Hook<ChatEvent<JsonNode>>> scripted = noteOf("onTurnComplete" + how);
        if (scripted.isPresent()) {
            scripted.get().on(event);
        }
    }

    private void note(String hook, ChatEvent<JsonNode> event) throws Exception {
        Optional<Hook<ChatEvent<JsonNode>>> scripted = noteOf(hook);
        if (scripted.isPresent()) {
            scripted.get().on(event);
        }
    }

    private synchronized Optional<Hook<ChatEvent<JsonNode>>> noteOf(String hook) {
        noteMarks();
        noted.add(hook);
        return Optional.ofNullable(script.remove(hook));
    }

    private void noteMarks() {
        List<String> outline = chat.out().outline();
        outline.subList(seen, outline.size()).stream().filter(MARKS::contains)
                .forEach(mark -> noted.add("*" + mark + "*"));
        seen = outline.size();
    }
}
