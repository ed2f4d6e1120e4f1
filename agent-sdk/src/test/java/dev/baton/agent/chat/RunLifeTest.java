package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.SimulatedCrash;
import dev.baton.agent.session.LogRecord;
import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;
import dev.baton.agent.testing.OfflineRun;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class RunLifeTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static ChatAgent.Builder<JsonNode> agent() {
        return ChatAgent.builder("tested");
    }

    private static ChatAgent.Builder<JsonNode> parrot() {
        return agent().run(turn -> turn.answer().text("heard " + turn.userText() + ";"));
    }

    private static List<RunReason> reasons(OfflineChat chat) {
        return chat.runs().stream().map(OfflineRun::reason).toList();
    }

    private static List<RunOutcome> outcomes(OfflineChat chat) {
        return chat.runs().stream().map(OfflineRun::outcome).flatMap(Optional::stream).toList();
    }

    /** Writes a part of the answer in the first run and does not come to its end there. */
    private static void beginOnly(Turn<JsonNode> turn, String part) throws InterruptedException {
        if (turn.run().generation() == 1) {
            turn.answer().text(part);
            turn.answer().flush();
            turn.pause(LONG);
        }
    }

    @Test
    @DisplayName("features #239: every event says which run of which chat it is")
    void everyEventKnowsItsRun() throws Exception {
        // Given
        List<RunContext<JsonNode>> runs = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(parrot().onBoot(event -> runs.add(event.run()))
                .onTurnComplete(event -> runs.add(event.run())).build())) {
            chat.preload().send("one");
            chat.endRun();

            // When
            chat.send("two");

            // Then
            RunContext<JsonNode> first = runs.get(1);
            assertEquals(List.of("chat-offline", "session_offline", "run_1", 1L, RunReason.INITIAL, false,
                    Optional.empty(), true),
                    List.of(first.chatId(), first.sessionId(), first.runId(), first.generation(), first.reason(),
                            first.continuation(), first.previousRunId(), first.preloaded()));
            RunContext<JsonNode> second = runs.getLast();
            assertEquals(List.of("run_2", 2L, RunReason.CONTINUATION, true, Optional.of("run_1"), false),
                    List.of(second.runId(), second.generation(), second.reason(), second.continuation(),
                            second.previousRunId(), second.preloaded()));
            assertTrue(runs.get(0).locals() == first.locals() && first.locals() != second.locals());
        }
    }

    @Test
    @DisplayName("features #144: an upgrade from run lets the turn end, and what waits is for the next run")
    void anUpgradeFromRunEndsTheRunAfterTheTurn() throws Exception {
        // Given
        CountDownLatch secondIsThere = new CountDownLatch(1);
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.answer().text(turn.userText() + " by " + turn.run().generation() + ";");
            if (turn.userText().equals("one")) {
                turn.requestUpgrade();
                secondIsThere.await();
            }
        }).build())) {
            chat.post("one");
            chat.awaitText("one by 1");
            chat.post("two");

            // When
            secondIsThere.countDown();
            chat.awaitQuiet();

            // Then
            assertEquals("one by 1;two by 2;", chat.out().text());
            assertFalse(chat.out().outline().contains("upgrade-required"));
        }
    }

    @Test
    @DisplayName("features #142, #143: an upgrade before run leaves the message to the next run")
    void anUpgradeBeforeRunLeavesTheMessageToTheNextRun() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().onTurnStart(event -> {
            if (event.run().reason() != RunReason.UPGRADE) {
                event.turn().requestUpgrade();
            }
        }).run(turn -> turn.answer().text(turn.userText() + " by " + turn.run().generation())).build())) {
            // When
            OfflineAnswer answer = chat.send("one");

            // Then
            assertEquals("one by 2", answer.text());
            assertEquals("upgrade-required", answer.outline().getFirst());
            assertEquals(1, answer.outline().stream().filter("turn-complete"::equals).count());
            assertEquals(List.of(RunReason.INITIAL, RunReason.UPGRADE), reasons(chat));
            assertEquals(List.of(RunOutcome.SUPERSEDED), outcomes(chat));
        }
    }

    @Test
    @DisplayName("features #160: endRun answers what waits and then leaves")
    void endRunAnswersWhatWaitsFirst() throws Exception {
        // Given
        CountDownLatch secondIsThere = new CountDownLatch(1);
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.answer().text(turn.userText() + " by " + turn.run().generation() + ";");
            if (turn.userText().equals("one")) {
                turn.endRun();
                secondIsThere.await();
            }
        }).build())) {
            chat.post("one");
            chat.awaitText("one by 1");
            chat.post("two");

            // When
            secondIsThere.countDown();
            chat.awaitQuiet();
            chat.send("three");

            // Then
            assertEquals("one by 1;two by 1;three by 2;", chat.out().text());
        }
    }

    @Test
    @DisplayName("features #159: after maxTurns turns the run ends; actions do not count")
    void aRunEndsAfterItsTurns() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(parrot().onAction(JsonNode.class, _ -> {}).maxTurns(2).build())) {
            chat.send("one");
            chat.action("a");
            chat.action("b");
            chat.send("two");

            // When
            chat.send("three");

            // Then
            assertEquals(List.of(RunReason.INITIAL, RunReason.CONTINUATION), reasons(chat));
        }
    }

    @Test
    @DisplayName("features #156, #214: an idle run ends, with the agent's own windows before that of the session")
    void anIdleRunEnds() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(parrot().idleTimeout(Duration.ofMillis(1)).build());
                OfflineChat preloaded = OfflineChat.with(
                        parrot().idleTimeout(LONG).preloadIdleTimeout(Duration.ofMillis(1)).build())) {
            // When
            chat.send("one");
            preloaded.preload();

            // Then
            await().until(() -> outcomes(chat).equals(List.of(RunOutcome.COMPLETED)));
            await().until(() -> outcomes(preloaded).equals(List.of(RunOutcome.COMPLETED)));
        }
    }

    @Test
    @DisplayName("features #162: close ends the conversation with this turn, and clients are told why")
    void closeEndsTheConversation() throws Exception {
        // Given
        List<String> complete = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> turn.answer().text("bye"))
                .onBeforeTurnComplete(event -> event.turn().close("all said"))
                .onTurnComplete(_ -> complete.add("complete")).build())) {
            // When
            LogRecord last = chat.send("hi").records().getLast();

            // Then
            assertEquals(Optional.of("all said"), chat.closedReason());
            assertEquals(Optional.of("true"), last.header("session-closed"));
            assertEquals(Optional.of("all said"), last.header("session-closed-reason"));
            assertEquals(List.of("complete"), complete);
            assertThrows(IllegalStateException.class, () -> chat.send("more"));
        }
    }

    @Test
    @DisplayName("features #211: an answer that a run has begun is continued under its id")
    void aPartialAnswerIsContinued() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            beginOnly(turn, "one ");
            turn.answer().text("two after " + turn.partial().map(History::text).orElse("nothing"));
        }).build())) {
            chat.post("count");
            chat.awaitText("one");

            // When
            chat.crash();
            chat.awaitQuiet();

            // Then
            assertEquals("one two after one ", chat.out().text());
            assertEquals(1, chat.out().messageIds().size());
            assertEquals(List.of(RunOutcome.CRASHED), outcomes(chat));
        }
    }

    @Test
    @DisplayName("features #213: onRecoveryBoot is told what is left and may have it answered anew")
    void aPartialAnswerIsReplacedWhenTheAgentWantsIt() throws Exception {
        // Given
        List<String> told = new ArrayList<>();
        List<String> histories = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent().onRecoveryBoot(event -> {
            told.add(History.text(event.message()) + "/" + History.text(event.partial()) + "/"
                    + event.history().messages().size() + "/" + event.waiting().stream().map(History::text).toList());
            return RecoveryPlan.ANSWER_ANEW;
        }).run(turn -> {
            beginOnly(turn, "bad ");
            histories.add(turn.history().messages().stream().map(History::text).toList().toString());
            turn.answer().text("good " + turn.partial().isPresent() + ";");
        }).build())) {
            chat.post("first");
            chat.awaitText("bad");
            chat.post("second");

            // When
            chat.crash();
            chat.awaitQuiet();

            // Then
            assertEquals(List.of("first/bad /1/[second]"), told);
            assertEquals("bad good false;good false;", chat.out().text());
            assertEquals(3, chat.out().messageIds().size());
            assertEquals(List.of("[first]", "[first, good false;, second]"), histories);
        }
    }

    @Test
    @DisplayName("features #188: a partial answer may stand as it is; what follows sees it")
    void aPartialAnswerMayStandAsItIs() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().onRecoveryBoot(_ -> RecoveryPlan.KEEP_AS_IT_IS).run(turn -> {
            beginOnly(turn, "half an essay ");
            turn.answer().text("after " + turn.history().messages().stream().map(History::text).toList());
        }).build())) {
            chat.post("essay");
            chat.awaitText("half");
            chat.crash();
            chat.awaitQuiet();

            // When
            OfflineAnswer answer = chat.send("keep going");

            // Then
            assertEquals("after [essay, half an essay , keep going]", answer.text());
        }
    }

    @Test
    @DisplayName("features #217, X11: a run that dies while it starts the chat leaves that to the next one")
    void aChatIsStartedByTheNextRunWhenOneDiesOverIt() throws Exception {
        // Given
        AtomicInteger starts = new AtomicInteger();
        CountDownLatch inHook = new CountDownLatch(1);
        try (OfflineChat chat = OfflineChat.with(parrot().onChatStart(_ -> {
            if (starts.incrementAndGet() == 1) {
                inHook.countDown();
                new CountDownLatch(1).await();
            }
        }).build())) {
            chat.post("one");
            inHook.await();

            // When
            chat.crash();
            chat.awaitQuiet();
            chat.send("two");

            // Then
            assertEquals(2, starts.get());
        }
    }

    @Test
    @DisplayName("features #216: an action before the first message does not start the chat")
    void anActionDoesNotStartTheChat() throws Exception {
        // Given
        AtomicInteger starts = new AtomicInteger();
        try (OfflineChat chat = OfflineChat.with(parrot().onChatStart(_ -> starts.incrementAndGet())
                .onAction(JsonNode.class, event -> event.turn().answer().text("done")).build())) {
            chat.preload().action("x");
            chat.endRun();
            int before = starts.get();

            // When
            chat.send("one");
            chat.endRun();
            chat.send("two");

            // Then
            assertEquals(0, before);
            assertEquals(1, starts.get());
        }
    }

    @Test
    void anActionThatARunDiedOverIsDoneAgainAndItsAnswerReplaced() throws Exception {
        // Given
        List<String> histories = new ArrayList<>();
        try (OfflineChat chat = OfflineChat.with(agent()
                .run(turn -> histories.add(turn.history().messages().stream().map(History::text).toList().toString()))
                .onAction(JsonNode.class, event -> {
                    beginOnly(event.turn(), "half ");
                    event.turn().answer().text("whole");
                }).build())) {
            chat.send("one");
            chat.postAction("x");
            chat.awaitText("half");

            // When
            chat.crash();
            chat.awaitQuiet();
            chat.endRun();
            chat.send("two");

            // Then the third run has it from the channel
            assertEquals(List.of("[one]", "[one, whole, two]"), histories);
        }
    }

    @Test
    @DisplayName("PROTOCOL 5.5: a message that kills three runs is given up, also in the kit")
    void aMessageThatKillsEveryRunIsGivenUp() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            if (turn.userText().equals("poison")) {
                throw new SimulatedCrash("as always");
            }
            turn.answer().text("fine");
        }).build())) {
            // When
            OfflineAnswer poison = chat.send("poison");

            // Then
            assertEquals(List.of("error", "turn-complete"), poison.outline());
            assertEquals(3, chat.runs().size());
            assertEquals("fine", chat.send("next").text());
        }
    }

    @Test
    @DisplayName("features #157, #158, #230: beyond its idle window a run parks with all it has, and is told so")
    void aRunParksAndGoesOn() throws Exception {
        // Given
        List<String> told = new CopyOnWriteArrayList<>();
        try (OfflineChat chat = OfflineChat.with(parrot().idleTimeout(Duration.ofMillis(1)).turnTimeout(LONG)
                .onChatSuspend(event -> {
                    told.add("suspend " + event.phase() + " " + event.messages().size());
                    throw new IllegalStateException("only logged");
                }).onChatResume(event -> told.add("resume " + event.phase() + " " + event.messages().size()))
                .build())) {
            chat.preload();
            await().until(() -> told.size() == 1);
            chat.send("one");
            await().until(() -> told.size() == 3);

            // When
            chat.send("two");
            await().until(() -> told.size() == 5);
            chat.endRun();

            // Then
            assertEquals(List.of("suspend PRELOAD 0", "resume PRELOAD 0", "suspend TURN 2", "resume TURN 2",
                    "suspend TURN 4"), told);
            assertEquals(List.of(RunReason.INITIAL), reasons(chat));
        }
    }

    @Test
    @DisplayName("features #157: a run that is parked ends with its turn timeout, and is not told of a message that never came")
    void aParkedRunEnds() throws Exception {
        // Given
        List<String> told = new CopyOnWriteArrayList<>();
        try (OfflineChat chat = OfflineChat.with(parrot().idleTimeout(Duration.ofMillis(1))
                .turnTimeout(Duration.ofMillis(1)).onChatSuspend(event -> told.add("suspend " + event.phase()))
                .onChatResume(_ -> told.add("resume")).build())) {
            // When
            chat.send("one");

            // Then
            await().until(() -> outcomes(chat).equals(List.of(RunOutcome.COMPLETED)));
            assertEquals(List.of("suspend TURN"), told);
        }
    }

    @Test
    @DisplayName("features #109: every turn brings clients a token, in the order of headers that contract §6.2 has")
    void everyTurnBringsAToken() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(parrot().build());
                OfflineChat without = OfflineChat.with(parrot().clientTokenLife(Duration.ZERO).build())) {
            chat.send("one");

            // When
            LogRecord second = chat.send("two").records().getLast();
            LogRecord none = without.send("one").records().getLast();

            // Then
            assertEquals(List.of("trigger-control", "public-access-token", "session-in-event-id"),
                    second.headers().stream().map(ProtocolHeader::name).toList());
            assertEquals(Optional.of("offline-token-1"), second.header("public-access-token"));
            assertEquals(Optional.empty(), none.header("public-access-token"));
        }
    }
}
