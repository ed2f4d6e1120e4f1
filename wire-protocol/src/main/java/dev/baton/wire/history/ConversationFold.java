package dev.baton.wire.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Folds the records of both channels into UI messages, as the AI SDK's stream reducer does (design D9, features #119–123).
 * The snapshotter writes history with it and a booting agent reads history with it: one fold, one truth.
 *
 * <p>Within a turn the inputs go first, then the chunks. An answer is <em>open</em> from its first chunk until
 * {@link #completeTurn()} or until another answer starts. Not thread-safe; the fold owns the nodes it hands out.
 */
public final class ConversationFold {
    private static final String SUBMIT = "submit-message";
    private static final String REGENERATE = "regenerate-message";

    private final List<ObjectNode> settled;
    /** Ids of settled answers. */
    private final Set<String> nonFinal;
    private OpenAnswer open;
    /** Edits that count if the turn ends right behind them. */
    private final List<HistoryEdit> edits = new ArrayList<>();

    /** @param history messages of the snapshot, all of them final; they are never changed, only replaced */
    public ConversationFold(List<ObjectNode> history) {
        this(history, List.of());
    }

    /** @param nonFinalIds ids of answers among them that did not come to their end */
    public ConversationFold(List<ObjectNode> history, Collection<String> nonFinalIds) {
        settled = new ArrayList<>(history);
        nonFinal = new HashSet<>(nonFinalIds);
    }

    /**
     * One {@code .in} record. Only messages change the conversation: stop, close, actions, hand-overs and kinds that
     * nobody knows yet are the agent's business.
     *
     * @param inData the record's data, parsed
     */
    public void input(JsonNode inData) {
        if (!inData.path("kind").asText().equals("message")) {
            return;
        }
        JsonNode payload = inData.path("payload");
        switch (payload.path("trigger").asText()) {
            case SUBMIT -> submit(payload.path("message"));
            case REGENERATE -> dropTrailingAnswers();
            // The protocol's triggers are open-ended text: preload, close, action and newer ones carry no message.
            default -> {
            }
        }
    }

    /** One data record of {@code .out}: a chunk of a UI message stream. Chunks that fit nowhere are ignored. */
    public void chunk(JsonNode chunk) {
        if (HistoryEdit.isChunk(chunk)) {
            edit(chunk);
            return;
        }
        edits.clear();
        String type = chunk.path("type").asText();
        if (type.equals("start")) {
            start(chunk);
        } else if (open != null) {
            open.apply(type, chunk);
        } else if (OpenAnswer.opens(type, chunk)) {
            openNew().apply(type, chunk);
        }
    }

    /**
     * A new generation took over: parts that the old run left streaming are closed, its unfinished tool inputs are gone
     * for good. The successor may go on with the message (same id) or replace it (another id).
     */
    public void fence() {
        edits.clear();
        if (open != null) {
            open.interrupt();
        }
    }

    /** The turn is over: its answer belongs to the settled messages now. */
    public void completeTurn() {
        if (open != null) {
            open.result().ifPresent(answer -> settle(answer, open.isFinal()));
            open = null;
        }
        edits.forEach(this::apply);
        edits.clear();
    }

    private void edit(JsonNode chunk) {
        if (HistoryEdit.isFirst(chunk)) {
            edits.clear();
        }
        edits.add(HistoryEdit.of(chunk));
    }

    private void apply(HistoryEdit edit) {
        List<ObjectNode> edited = edit.applyTo(settled);
        settled.clear();
        settled.addAll(edited);
        nonFinal.retainAll(settled.stream().map(message -> message.path("id").asText()).toList());
    }

    private void settle(ObjectNode answer, boolean isFinal) {
        put(answer);
        String id = answer.path("id").asText();
        if (isFinal) {
            nonFinal.remove(id);
        } else {
            nonFinal.add(id);
        }
    }

    /** Ids of settled answers that were stopped, failed or were cut off, in the order of the conversation (features #208). */
    public List<String> nonFinalIds() {
        return settled.stream().map(message -> message.path("id").asText()).filter(nonFinal::contains).toList();
    }

    /** All messages; an open answer is cleaned and included at its place, which is the end unless it continues one. */
    public List<ObjectNode> messages() {
        return messages(partial());
    }

    /** All messages, with the open answer as {@link #whole()} has it. */
    public List<ObjectNode> messagesWithWhole() {
        return messages(whole());
    }

    private List<ObjectNode> messages(Optional<ObjectNode> last) {
        if (last.isEmpty()) {
            return List.copyOf(settled);
        }
        ConversationFold withLast = new ConversationFold(settled, nonFinal);
        withLast.put(last.get());
        return List.copyOf(withLast.settled);
    }

    /** The open answer, cleaned: no unfinished tool inputs, nothing streaming. Empty when nothing of it would be left. */
    public Optional<ObjectNode> partial() {
        return open == null ? Optional.empty() : open.result();
    }

    /** The open answer as it would be kept if it came to its own end here: with the calls of tools that wait for somebody. */
    public Optional<ObjectNode> whole() {
        return open == null ? Optional.empty() : open.whole();
    }

    private void submit(JsonNode message) {
        if (!(message instanceof ObjectNode object)) {
            return;
        }
        if (object.path("role").asText().equals("assistant")) {
            ToolAnswers answers = ToolAnswers.of(object);
            settled.replaceAll(answers::overlay);
            if (open != null) {
                open.overlay(answers);
            }
        } else {
            put(object.deepCopy());
        }
    }

    private void dropTrailingAnswers() {
        open = null;
        while (!settled.isEmpty() && !settled.getLast().path("role").asText().equals("user")) {
            nonFinal.remove(settled.removeLast().path("id").asText());
        }
    }

    private void start(JsonNode chunk) {
        String id = chunk.path("messageId").asText();
        if (open != null && !open.accepts(id)) {
            leaveOpenAnswer();
        }
        if (open == null) {
            openNew(id);
        } else if (!id.isEmpty()) {
            open.name(id);
        }
        open.begin(chunk);
    }

    /** Another answer starts in the same turn: a finished one stays, an unfinished one is replaced by it. */
    private void leaveOpenAnswer() {
        if (open.finished()) {
            completeTurn();
        }
        open = null;
    }

    private OpenAnswer openNew() {
        // A writer that names no message gets a name that every fold of the same records derives again.
        open = OpenAnswer.unnamed("msg-" + settled.size());
        return open;
    }

    private void openNew(String id) {
        int known = indexOf(id);
        if (known >= 0 && settled.get(known).path("role").asText().equals("assistant")) {
            open = OpenAnswer.continuing(settled.get(known).deepCopy());
        } else if (id.isEmpty()) {
            openNew();
        } else {
            open = OpenAnswer.named(id);
        }
    }

    private void put(ObjectNode message) {
        int known = indexOf(message.path("id").asText());
        if (known >= 0) {
            settled.set(known, message);
        } else {
            settled.add(message);
        }
    }

    /** −1 when it is not there; messages without an id are never the same. */
    private int indexOf(String id) {
        for (int i = settled.size() - 1; i >= 0; i--) {
            if (!id.isEmpty() && settled.get(i).path("id").asText().equals(id)) {
                return i;
            }
        }
        return -1;
    }
}
