package dev.baton.audit.replay;

import java.time.Instant;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.session.SessionRow;

/** A replay for people. What was written by somebody else cannot steer the terminal: control characters are replaced. */
final class ReplayText {
    private static final String CONTROL_CHARACTERS = "[\\p{Cntrl}&&[^\\t]]";

    private final Consumer<String> lines;

    ReplayText(Consumer<String> lines) {
        this.lines = lines;
    }

    void print(Replay replay) {
        SessionRow row = replay.row();
        say("session " + row.id() + "  chat " + row.chatId() + "  environment " + row.environmentId() + "  task "
                + row.taskIdentifier() + "  created " + time(row.createdAt()));
        if (!replay.complete()) {
            say("older records have left the topics by retention: what follows is not the whole conversation");
        }
        if (replay.untilMs() != null) {
            say("as of " + time(replay.untilMs()));
        }
        if (replay.voidRecords() > 0) {
            say(replay.voidRecords()
                    + " records on .out are void: a later generation had taken over, no reader is shown them");
        }
        say("");
        say("Timeline");
        replay.timeline().forEach(fact -> say("  " + time(fact.at()) + "  " + told(fact)));
        say("");
        say("Conversation");
        replay.messages().forEach(this::message);
    }

    private static String told(ReplayFact fact) {
        return switch (fact) {
            case ReplayFact.RunRequested run -> "run " + run.generation() + " requested  " + run.reason().label() + "  "
                    + run.runId() + (run.previousRunId() == null ? "" : "  after " + run.previousRunId())
                    + (run.requestedVersion() == null ? "" : "  version " + run.requestedVersion());
            case ReplayFact.RunStarted run -> "run " + run.generation() + " started  worker version "
                    + run.workerVersion() + (run.attempt() > 1 ? "  attempt " + run.attempt() : "");
            case ReplayFact.RunEnded run -> "run " + run.generation() + " ended  "
                    + (run.outcome() == null ? "" : run.outcome().label())
                    + (run.error() == null ? "" : "  " + run.error());
            case ReplayFact.Fenced fence ->
                ".out " + fence.outSeq() + "  fence: generation " + fence.generation() + " writes from here on";
            case ReplayFact.Received in -> ".in " + (in.inSeq() == null ? "(first message)" : in.inSeq()) + "  "
                    + (in.kind() == null ? "record" : in.kind()) + (in.trigger() == null ? "" : " " + in.trigger())
                    + (in.messageId() == null ? "" : "  message " + in.messageId());
            case ReplayFact.TurnCompleted turn -> ".out " + turn.outSeq() + "  turn complete"
                    + (turn.inSeq() == null ? "" : ", .in consumed up to " + turn.inSeq())
                    + (turn.generation() == 0 ? "" : "  by run " + turn.generation());
            case ReplayFact.ControlWritten control -> ".out " + control.outSeq() + "  " + control.subtype();
            case ReplayFact.SessionClosed close ->
                "session closed" + (close.reason() == null ? "" : "  " + close.reason());
            case ReplayFact.SessionDeleted _ -> "session deleted";
        };
    }

    private void message(ObjectNode message) {
        say("  " + message.path("role").asText() + "  " + message.path("id").asText());
        for (JsonNode part : message.path("parts")) {
            part(part).lines().forEach(line -> say("    " + line));
        }
    }

    private static String part(JsonNode part) {
        return switch (part.path("type").asText()) {
            case "text" -> part.path("text").asText();
            case "reasoning" -> "(reasoning) " + part.path("text").asText();
            case "step-start" -> "";
            // Parts of every other kind, tools and files among them, say what they are themselves.
            default -> part.toString();
        };
    }

    private void say(String line) {
        lines.accept(line.replaceAll(CONTROL_CHARACTERS, "?"));
    }

    private static String time(long epochMs) {
        return Instant.ofEpochMilli(epochMs).toString();
    }
}
