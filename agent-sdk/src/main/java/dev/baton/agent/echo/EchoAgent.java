package dev.baton.agent.echo;

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.agent.SimulatedCrash;
import dev.baton.agent.Worker;
import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.History;
import dev.baton.agent.chat.Turn;
import dev.baton.wire.session.RunReason;

/**
 * The demo agent. It repeats what it is told, word by word, and says how many user messages it has seen in the whole
 * conversation, so that lost history shows. Commands: {@code /slow N} counts to N, {@code /exit} ends the run after the
 * turn, {@code /upgrade} hands over before it answers, {@code /crash} dies in the middle of the answer, {@code /error}
 * throws. A successor that finds a part of an answer writes what is missing.
 */
public final class EchoAgent {
    public static final String TASK = "echo";
    /** A run that idles is a parked virtual thread and two open streams. */
    private static final int SLOTS = 256;
    /** Short, because a standalone process has to stop within 5 s; a turn that is broken off is continued later. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);
    private static final int SLOW_MAX = 10_000;
    private static final Duration SLOW_PAUSE = Duration.ofMillis(50);

    private EchoAgent() {}

    /** A worker that runs this agent; not started yet. */
    public static Worker worker(String gatewayUrl, String secretKey, String version) {
        return agent().worker(gatewayUrl, secretKey).version(version).slots(SLOTS).drainTimeout(DRAIN_TIMEOUT).build();
    }

    /** Its errors are made to be seen, so they are told as they are. */
    public static ChatAgent<JsonNode> agent() {
        return ChatAgent.builder(TASK).onTurnStart(event -> upgradeIfTold(event.turn())).run(EchoAgent::answer)
                .onError(Exception::getMessage).build();
    }

    private static void answer(Turn<JsonNode> turn) throws InterruptedException {
        String said = said(turn);
        String[] words = said.split("\\s+");
        switch (words[0]) {
            case "/slow" -> write(turn, EchoAnswer.counting(number(words), userMessages(turn)), SLOW_PAUSE);
            case "/error" -> throw new IllegalStateException("the echo agent was told to fail");
            case "/crash" -> crashOrRepeat(turn, said);
            case "/exit" -> {
                repeat(turn, said);
                turn.endRun();
            }
            // Everything else is what people say.
            default -> repeat(turn, said);
        }
    }

    /** The successor of the upgrade gets the same message; it is the one that answers. */
    private static void upgradeIfTold(Turn<JsonNode> turn) {
        boolean upgraded = turn.run().reason() == RunReason.UPGRADE && turn.number() == 0;
        if (said(turn).split("\\s+")[0].equals("/upgrade") && !upgraded && turn.partial().isEmpty()) {
            turn.requestUpgrade();
        }
    }

    private static String said(Turn<JsonNode> turn) {
        return turn.userText().strip();
    }

    private static void crashOrRepeat(Turn<JsonNode> turn, String said) throws InterruptedException {
        if (turn.partial().isPresent()) {
            repeat(turn, said);
            return;
        }
        List<String> deltas = EchoAnswer.repeating(said, userMessages(turn)).deltas();
        for (String delta : deltas.subList(0, deltas.size() / 2)) {
            turn.answer().text(delta);
        }
        turn.answer().flush();
        throw new SimulatedCrash("the echo agent was told to crash");
    }

    private static void repeat(Turn<JsonNode> turn, String said) throws InterruptedException {
        write(turn, EchoAnswer.repeating(said, userMessages(turn)), Duration.ZERO);
    }

    private static void write(Turn<JsonNode> turn, EchoAnswer answer, Duration pause) throws InterruptedException {
        String written = turn.partial().map(History::text).orElse("");
        boolean first = true;
        for (String delta : answer.after(written).deltas()) {
            if (!first && pause.isPositive()) {
                turn.pause(pause);
            }
            turn.answer().text(delta);
            first = false;
        }
    }

    private static int number(String[] words) {
        if (words.length == 2 && words[1].matches("\\d{1,5}")) {
            int number = Integer.parseInt(words[1]);
            if (number >= 1 && number <= SLOW_MAX) {
                return number;
            }
        }
        throw new IllegalArgumentException("expected /slow N with N from 1 to " + SLOW_MAX);
    }

    private static long userMessages(Turn<JsonNode> turn) {
        return turn.history().userMessages();
    }
}
