package dev.baton.agent.chat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.SimulatedCrash;
import dev.baton.agent.testing.OfflineChat;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The order in which hooks fire, as it is in real runs, and docs/AGENTS.md as it should say so. */
@Timeout(120)
class HookOrderTest {
    private static final Path PAGE = Path.of("..", "docs", "AGENTS.md");
    private static final String BEGIN = "<!-- hook order: written by HookOrderTest -->\n";
    private static final String END = "<!-- end of hook order -->";
    private static final Duration LONG = Duration.ofMinutes(1);

    /** What clients do. */
    @FunctionalInterface
    private interface Client {
        void talk(OfflineChat chat) throws InterruptedException;
    }

    private record Story(String name, RecordingAgent agent, Client client) {
        List<String> order() throws InterruptedException {
            try (OfflineChat chat = agent.chat()) {
                client.talk(chat);
                return agent.noted();
            }
        }
    }

    @Test
    @DisplayName("features #209–#232: the page of agents has the order of real runs")
    void thePageHasTheOrderOfRealRuns() throws Exception {
        // Given
        Map<String, List<String>> orders = new LinkedHashMap<>();
        for (Story story : stories()) {
            orders.put(story.name(), story.order());
        }

        // When
        String table = table(orders);

        // Then
        String page = page();
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        assertEquals(page.substring(begin, page.indexOf(END)), table,
                "docs/AGENTS.md should have this table:\n\n" + table + "\n");
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    private static String table(Map<String, List<String>> orders) {
        StringBuilder table = new StringBuilder("| what happens | what fires |\n|---|---|\n");
        orders.forEach((name, order) -> table.append("| ").append(name).append(" | ").append(cell(order))
                .append(" |\n"));
        return table.toString();
    }

    /** A line for each run. */
    private static String cell(List<String> order) {
        return String.join(" → ", order).replace(": → ", ": ").replaceAll(" → (run \\d+ \\()", "<br>$1");
    }

    private static List<Story> stories() {
        return Stream.of(lives(), meanwhile(), endings(), recoveries(), errors()).flatMap(List::stream).toList();
    }

    private static List<Story> lives() {
        return List.of(new Story("fresh chat, two messages", new RecordingAgent(), chat -> {
            chat.send("hi");
            chat.send("again");
        }), new Story("preloaded", new RecordingAgent(), chat -> chat.preload().send("hi")),
                new Story("preloaded, and the run died unused", new RecordingAgent(), chat -> {
                    chat.preload().crash();
                    chat.send("hi");
                }), new Story("continuation", new RecordingAgent(), chat -> {
                    chat.send("hi");
                    chat.endRun();
                    chat.send("again");
                }), new Story("regeneration", new RecordingAgent(), chat -> {
                    chat.send("hi");
                    chat.regenerate();
                }), new Story("hydrateMessages registered, a message and an action", new RecordingAgent().hydrating(),
                        chat -> {
                            chat.send("hi");
                            chat.action("undo");
                        }),
                new Story("action between two messages", new RecordingAgent(), chat -> {
                    chat.send("hi");
                    chat.action("undo");
                    chat.send("again");
                }), new Story("action without `onAction`", new RecordingAgent().withoutActions(), chat -> {
                    chat.send("hi");
                    chat.action("undo");
                }), new Story("tool call that needs an approval, then the approval",
                        new RecordingAgent().once("run", HookOrderTest::askForApproval), chat -> chat
                                .approveTool(chat.send("hi").waitingToolCalls().getFirst(), true)),
                new Story("stop", new RecordingAgent().once("run", event -> {
                    RecordingAgent.turn(event).answer().text("a long");
                    RecordingAgent.turn(event).pause(LONG);
                }), chat -> {
                    chat.post("hi");
                    chat.awaitText("a long");
                    chat.stop();
                }));
    }

    private static List<Story> meanwhile() {
        RecordingAgent parking = new RecordingAgent().parking();
        CountDownLatch go = new CountDownLatch(1);
        return List.of(
                new Story("the idle window is over and `turnTimeout` is set, then another message", parking, chat -> {
                    chat.send("hi");
                    parking.awaitNoted("onChatSuspend");
                    chat.send("again");
                }), new Story("a summary is due", new RecordingAgent().compacting(), chat -> chat.send("hi")),
                new Story("a message comes in `run`, and `takePendingMessages` takes it",
                        new RecordingAgent().once("run", event -> {
                            RecordingAgent.turn(event).answer().text("begun");
                            RecordingAgent.turn(event).answer().flush();
                            go.await();
                            RecordingAgent.turn(event).takePendingMessages();
                        }), chat -> {
                            chat.post("hi");
                            chat.awaitText("begun");
                            chat.post("again");
                            go.countDown();
                            chat.awaitQuiet();
                        }));
    }

    private static void askForApproval(ChatEvent<JsonNode> event) throws InterruptedException {
        AnswerStream answer = RecordingAgent.turn(event).answer();
        answer.toolCall("c1", "buy", JsonNodeFactory.instance.objectNode());
        answer.requestApproval("c1");
    }

    private static List<Story> endings() {
        Client twoMessages = chat -> {
            chat.send("hi");
            chat.send("again");
        };
        return List.of(
                new Story("`endRun` in `run`, then another message",
                        new RecordingAgent().once("run", event -> RecordingAgent.turn(event).endRun()), twoMessages),
                new Story("`maxTurns(1)`, two messages", new RecordingAgent().maxTurns(1), twoMessages),
                new Story("`close` in `run`",
                        new RecordingAgent().once("run", event -> RecordingAgent.turn(event).close("done")),
                        chat -> chat.send("hi")),
                new Story("`requestUpgrade` in `onValidateMessages`",
                        new RecordingAgent().once("onValidateMessages", HookOrderTest::upgrade),
                        chat -> chat.send("hi")),
                new Story("`requestUpgrade` in `onTurnStart`",
                        new RecordingAgent().once("onTurnStart", HookOrderTest::upgrade), chat -> chat.send("hi")),
                new Story("`requestUpgrade` in `run`, then another message",
                        new RecordingAgent().once("run", HookOrderTest::upgrade), twoMessages));
    }

    private static void upgrade(ChatEvent<JsonNode> event) {
        RecordingAgent.turn(event).requestUpgrade();
    }

    private static List<Story> recoveries() {
        Client crash = chat -> chat.send("hi");
        return List.of(
                new Story("crash with a partial answer",
                        new RecordingAgent().once("run", event -> RecordingAgent.crashAfter("half ", event)), crash),
                new Story("the same, `ANSWER_ANEW`",
                        new RecordingAgent().recoveringWith(RecoveryPlan.ANSWER_ANEW).once("run",
                                event -> RecordingAgent.crashAfter("half ", event)),
                        crash),
                new Story("the same, `KEEP_AS_IT_IS`",
                        new RecordingAgent().recoveringWith(RecoveryPlan.KEEP_AS_IT_IS).once("run",
                                event -> RecordingAgent.crashAfter("half ", event)),
                        crash),
                new Story("the same, `hydrateMessages` registered",
                        new RecordingAgent().hydrating().once("run",
                                event -> RecordingAgent.crashAfter("half ", event)),
                        crash),
                new Story("crash before the first word", new RecordingAgent().once("run", _ -> {
                    throw new SimulatedCrash("as scripted");
                }), crash));
    }

    private static List<Story> errors() {
        Client oneMessage = chat -> chat.send("hi");
        return List.of(error("onBoot", oneMessage), error("onPreload", chat -> chat.preload().send("hi")),
                new Story("error in `onRecoveryBoot`",
                        new RecordingAgent().failingOnceIn("onRecoveryBoot").once("run",
                                event -> RecordingAgent.crashAfter("half ", event)),
                        oneMessage),
                error("onValidateMessages", oneMessage),
                new Story("error in `hydrateMessages`",
                        new RecordingAgent().hydrating().failingOnceIn("hydrateMessages"), oneMessage),
                error("onChatStart", chat -> {
                    chat.send("hi");
                    chat.send("again");
                }), error("onTurnStart", oneMessage), error("run", oneMessage),
                error("onBeforeTurnComplete", oneMessage), error("onTurnComplete", oneMessage),
                error("onAction", chat -> {
                    chat.send("hi");
                    chat.action("undo");
                }));
    }

    private static Story error(String hook, Client client) {
        return new Story("error in `" + hook + "`", new RecordingAgent().failingOnceIn(hook), client);
    }
}
