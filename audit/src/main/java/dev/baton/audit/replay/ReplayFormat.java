package dev.baton.audit.replay;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionRow;

/** How a replay is printed. */
public enum ReplayFormat {
    /** For people. */
    TEXT {
        @Override
        public void print(Replay replay, Consumer<String> lines) {
            new ReplayText(lines).print(replay);
        }
    },
    /** One document. */
    JSON {
        @Override
        public void print(Replay replay, Consumer<String> lines) {
            ObjectNode document = head(replay);
            ArrayNode timeline = document.putArray("timeline");
            replay.timeline().forEach(fact -> timeline.add(WireJson.MAPPER.<ObjectNode>valueToTree(fact)));
            document.putArray("messages").addAll(replay.messages());
            lines.accept(document.toPrettyString());
        }
    },
    /** One line for each fact, in order: the session, what happened, the messages. */
    NDJSON {
        @Override
        public void print(Replay replay, Consumer<String> lines) {
            ObjectNode first = WireJson.MAPPER.createObjectNode().put("type", "session");
            lines.accept(first.setAll(head(replay)).toString());
            replay.timeline().forEach(fact -> lines.accept(WireJson.text(fact)));
            for (int i = 0; i < replay.messages().size(); i++) {
                ObjectNode line = WireJson.MAPPER.createObjectNode().put("type", "message").put("index", i);
                lines.accept(line.set("message", replay.messages().get(i)).toString());
            }
        }
    };

    /** @param lines gets one line after the other, without its end; a JSON document comes as one */
    public abstract void print(Replay replay, Consumer<String> lines);

    public static Optional<ReplayFormat> ofLabel(String label) {
        for (ReplayFormat format : values()) {
            if (format.label().equals(label)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** As on the command line: {@code ndjson}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode head(Replay replay) {
        SessionRow row = replay.row();
        ObjectNode head = WireJson.MAPPER.createObjectNode();
        head.put("session", row.id()).put("environmentId", row.environmentId()).put("chatId", row.chatId());
        head.put("taskIdentifier", row.taskIdentifier()).put("createdAt", row.createdAt());
        head.put("checked", replay.complete() ? "fully" : "partly").put("voidRecords", replay.voidRecords());
        if (replay.untilMs() != null) {
            head.put("untilMs", replay.untilMs());
        }
        return head;
    }
}
