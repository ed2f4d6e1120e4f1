package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * Messages that come while a turn runs (features #252 to #254). Each is a turn of its own afterwards, unless the code of the turn
 * takes it along. The turn-complete settles what was taken along with the rest; if the process dies before, the successor finds
 * it waiting. Used by the run's thread only.
 */
final class PendingMessages<D> {
    /** What clients are told of messages that were taken along (features #122). */
    private static final String MARKER = "data-pending-message-injected";

    private final RunScope<D> scope;

    PendingMessages(RunScope<D> scope) {
        this.scope = scope;
    }

    List<ObjectNode> waiting() {
        return scope.inbox().next().stream().map(InEntry.Message::message).flatMap(Optional::stream)
                .map(ObjectNode::deepCopy).toList();
    }

    /**
     * Those that wait now, checked as any message is. One that {@code onValidateMessages} refuses stays where it is, and those
     * behind it as well: it gets its error in its own turn.
     */
    List<ObjectNode> takeAlong(Turn<D> turn) throws InterruptedException {
        List<ObjectNode> taken = new ArrayList<>();
        for (InEntry.Message entry : scope.inbox().next()) {
            List<InEntry.Message> checked = new ArrayList<>();
            Optional<Exception> refused = scope.failureOf(() -> checked.add(scope.validated(turn, entry)));
            if (refused.isPresent() || turn.handsOver()) {
                break;
            }
            scope.inbox().takeAlong(entry);
            boolean repeated = !entry.messageId().isEmpty()
                    && scope.conversation().history().userMessage(entry.messageId()).isPresent();
            if (!repeated) {
                scope.conversation().input(checked.getFirst());
                checked.getFirst().message().ifPresent(taken::add);
            }
        }
        if (!taken.isEmpty()) {
            turn.answer().write(marker(taken));
        }
        return taken.stream().map(ObjectNode::deepCopy).toList();
    }

    private static ObjectNode marker(List<ObjectNode> messages) {
        String id = messages.getFirst().path("id").asText();
        ObjectNode chunk = WireJson.MAPPER.createObjectNode().put("type", MARKER).put("id", "pending-" + id);
        ObjectNode data = chunk.putObject("data");
        ArrayNode ids = data.putArray("messageIds");
        ArrayNode texts = data.putArray("messages");
        for (ObjectNode message : messages) {
            ids.add(message.path("id").asText());
            texts.addObject().put("id", message.path("id").asText()).put("text", History.text(message));
        }
        return chunk;
    }
}
