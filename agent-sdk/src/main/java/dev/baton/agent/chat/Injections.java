package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Messages for the model that nobody has said in the chat (features #261, #262): the next {@link Turn#context()} has them. They live
 * as long as the run and are stored nowhere.
 */
public final class Injections {
    private final Queue<ObjectNode> added = new ConcurrentLinkedQueue<>();
    /** Used by the run's thread only. */
    private final List<Placed> placed = new ArrayList<>();

    /** @param after id of the message it came behind */
    private record Placed(String after, ObjectNode message) {}

    Injections() {}

    /**
     * A message with the role {@code system} counts for one turn, another one for the rest of the run. Any thread may call this.
     *
     * @param message a UI message; its id does not matter
     * @throws IllegalArgumentException when it has no role
     */
    public void add(ObjectNode message) {
        if (message.path("role").asText().isEmpty()) {
            throw new IllegalArgumentException("expected an injected message to have a role, but it has none:"
                    + " give it \"role\": \"user\", \"assistant\" or \"system\"");
        }
        added.add(message.deepCopy());
    }

    /**
     * Gives what was added since its place.
     *
     * @param history what the model is told otherwise
     * @param instructions of this turn: messages of the role system, which count for one turn
     */
    void drain(List<ObjectNode> history, List<ObjectNode> instructions) {
        List<ObjectNode> notYet = new ArrayList<>();
        for (ObjectNode message = added.poll(); message != null; message = added.poll()) {
            if (message.path("role").asText().equals("system")) {
                instructions.add(message);
            } else if (history.isEmpty() || !isUser(history.getLast())) {
                // Between a call of a tool and what comes of it no model takes a message.
                notYet.add(message);
            } else {
                placed.add(new Placed(id(history.getLast()), message));
            }
        }
        added.addAll(notYet);
    }

    /** The history with everything that has its place; what stood behind a message that is gone comes first. */
    List<ObjectNode> among(List<ObjectNode> history) {
        List<String> ids = history.stream().map(Injections::id).toList();
        List<ObjectNode> all = new ArrayList<>(
                placed.stream().filter(one -> !ids.contains(one.after())).map(Placed::message).toList());
        for (ObjectNode message : history) {
            all.add(message);
            placed.stream().filter(one -> one.after().equals(id(message))).map(Placed::message).forEach(all::add);
        }
        return all;
    }

    private static boolean isUser(ObjectNode message) {
        return message.path("role").asText().equals("user");
    }

    private static String id(ObjectNode message) {
        return message.path("id").asText();
    }
}
