package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a model is told: summaries (features #233, #257 to #260), injected messages (#261, #262), and work beside the turn (#247). */
@Timeout(30)
class ContextTest {
    private final List<String> notes = new ArrayList<>();

    private static ChatAgent.Builder<JsonNode> agent() {
        return ChatAgent.builder("tested").run(turn -> turn.answer().text(told(turn)));
    }

    private static String told(Turn<JsonNode> turn) {
        return "<" + String.join("|", texts(turn.context())) + ">";
    }

    private static List<String> texts(List<ObjectNode> messages) {
        return messages.stream().map(History::text).toList();
    }

    private static ObjectNode message(String role, String text) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("role", role);
        message.putArray("parts").addObject().put("type", "text").put("text", text);
        return message;
    }

    private ChatAgent.Builder<JsonNode> compacting(ChatAgent.Builder<JsonNode> agent) {
        return agent.compaction(event -> event.messages().size() > 2,
                event -> "summary of " + event.messages().size()).onCompacted(
                        event -> notes.add("compacted "
                                + event.messages().size() + " to '" + event.summary() + "' " + event.betweenSteps()));
    }

    @Test
    @DisplayName("features #258: after a turn a summary takes the place of what it stands for, also in the next run")
    void aSummaryStandsForTheOlderPart() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(compacting(agent()).build())) {
            chat.send("one");
            OfflineAnswer compacted = chat.send("two");
            chat.endRun();

            // When
            String next = chat.send("three").text();

            // Then
            assertEquals("<summary of 4|three>", next);
            assertEquals(List.of("compacted 4 to 'summary of 4' false", "compacted 3 to 'summary of 3' false"), notes);
            List<String> parts = compacted.chunks().stream()
                    .filter(chunk -> chunk.path("type").asText().equals("data-compaction"))
                    .map(chunk -> chunk.path("data").path("status").asText() + " "
                            + chunk.path("transient").asBoolean())
                    .toList();
            assertEquals(List.of("compacting true", "complete false"), parts);
        }
    }

    @Test
    @DisplayName("features #257: between steps a summary stands for what came before the message; not twice in one turn")
    void aSummaryCanBeMadeBetweenSteps() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(compacting(ChatAgent.builder("tested").run(turn -> {
            turn.answer().text(told(turn));
            if (turn.userText().equals("two")) {
                turn.answer().text(turn.compactIfDue() + told(turn) + turn.compactIfDue());
            }
        })).compaction(ChatEvent.Compaction::betweenSteps, event -> "summary of " + event.messages().size()).build())) {
            chat.send("one");

            // When
            String text = chat.send("two").text();
            chat.endRun();
            String next = chat.send("three").text();

            // Then
            assertEquals("<one|<one>|two>true<summary of 2|two>false", text);
            assertEquals("<summary of 2|two|" + text + "|three>", next);
            assertEquals(List.of("compacted 2 to 'summary of 2' true"), notes);
        }
    }

    @Test
    @DisplayName("features #259: a summary made by hand, in a turn and in an action")
    void aSummaryCanBeMadeByHand() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            if (turn.userText().equals("nothing before")) {
                turn.answer().text("" + turn.compact("of nothing"));
            }
            turn.answer().text(told(turn));
            if (turn.userText().equals("three")) {
                turn.answer().text(turn.compact("by hand") + told(turn));
            }
        }).onAction(JsonNode.class, event -> event.turn().compact("by action")).build())) {
            // When
            String nothing = chat.send("nothing before").text();
            chat.action("compact");
            String afterAction = chat.send("two").text();
            String byHand = chat.send("three").text();

            // Then
            assertEquals("false<nothing before>", nothing);
            assertTrue(afterAction.startsWith("<by action|") && afterAction.endsWith("|two>"), afterAction);
            assertTrue(byHand.endsWith("true<by hand|three>"), byHand);
        }
    }

    @Test
    @DisplayName("features #260: a summary of messages that were edited since counts no more")
    void anEditBeneathASummaryTakesItBack() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(compacting(agent().onTurnStart(event -> {
            if (event.turn().userText().equals("three")) {
                event.turn().editHistory(history -> history.without("u1"));
            }
        })).build())) {
            chat.send("one");
            chat.send("two");

            // When
            String text = chat.send("three").text();

            // Then
            assertFalse(text.contains("summary"), text);
            assertTrue(text.endsWith("|two|<one|<one>|two>|three>"), text);
        }
    }

    @Test
    @DisplayName("features #258: no summary behind a stop, a failure, or a question to a person; one that fails costs no answer")
    void aSummaryIsMadeOfCompleteTurnsOnly() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.answer().text("so far");
            switch (turn.userText()) {
                case "fail" -> throw new IllegalStateException("no");
                case "ask" -> turn.answer().toolCall("c", "ask", WireJson.MAPPER.createObjectNode());
                default -> {
                }
            }
        }).compaction(_ -> true, event -> {
            notes.add(event.turn().userText());
            throw new IllegalStateException("no model");
        }).build())) {
            // When
            chat.send("fail");
            chat.send("ask");
            Optional<String> error = chat.send("tell").error();

            // Then
            assertEquals(List.of("tell"), notes);
            assertEquals(Optional.empty(), error);
        }
    }

    @Test
    @DisplayName("features #261, #262: instructions count for one turn, other injected messages for the rest of the run")
    void injectedMessagesAreToldToTheModel() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(agent().onTurnComplete(event -> {
            if (event.turn().userText().equals("one")) {
                event.run().injections().add(message("system", "be brief"));
                event.run().injections().add(message("user", "it rains"));
            }
        }).build())) {
            chat.send("one");

            // When
            String two = chat.send("two").text();
            String three = chat.send("three").text();
            chat.endRun();
            String four = chat.send("four").text();

            // Then
            assertEquals("<be brief|one|<one>|two|it rains>", two);
            assertEquals("<one|<one>|two|it rains|" + two + "|three>", three);
            assertFalse(four.startsWith("<be brief") || four.contains("|it rains|" + two + "|three|it"), four);
            assertEquals("<one|<one>|two|" + two + "|three|" + three + "|four>", four);
        }
    }

    @Test
    @DisplayName("features #247: the end of a turn waits for deferred work; what it throws costs nothing")
    void theEndOfATurnWaitsForDeferredWork() throws Exception {
        // Given
        CountDownLatch go = new CountDownLatch(1);
        try (OfflineChat chat = OfflineChat.with(agent().run(turn -> {
            turn.defer(() -> {
                go.await();
                notes.add("deferred");
            });
            turn.defer(() -> {
                throw new IllegalStateException("beside the turn");
            });
            turn.answer().text("answered");
            go.countDown();
        }).onBeforeTurnComplete(_ -> notes.add("before complete")).build())) {
            // When
            OfflineAnswer answer = chat.send("one");

            // Then
            assertEquals(List.of("deferred", "before complete"), notes);
            assertEquals(Optional.empty(), answer.error());
        }
    }

    @Test
    @DisplayName("features #247: what is deferred in onTurnComplete goes on while the run waits, until it ends")
    void workAfterTheTurnGoesOnWhileTheRunWaits() throws Exception {
        // Given
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (OfflineChat chat = OfflineChat.with(agent().onTurnComplete(event -> event.turn().defer(() -> {
            go.await();
            event.run().injections().add(message("user", "found meanwhile"));
            done.countDown();
        })).build())) {
            chat.send("one");

            // When
            go.countDown();
            done.await();

            // Then
            assertEquals("<one|<one>|two|found meanwhile>", chat.send("two").text());
        }
    }

    @Test
    void workThatTakesTooLongIsLeftAloneAndInterruptedAtTheEnd() throws Exception {
        // Given
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Deferred deferred = new Deferred("tested", java.time.Duration.ofMillis(1))) {
            deferred.start(() -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException _) {
                    interrupted.countDown();
                }
            }, _ -> {});

            // When
            int late = deferred.settle();
            int again = deferred.settle();

            // Then
            assertEquals(List.of(1, 0), List.of(late, again));
        }
        interrupted.await();
    }
}
