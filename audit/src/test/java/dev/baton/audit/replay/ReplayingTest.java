package dev.baton.audit.replay;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.audit.Story;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReplayingTest {
    @Test
    @DisplayName("the conversation and its owners come out in order")
    void everythingIsToldInOrder() {
        // Given
        Story story = Story.ofTwoTurns();

        // When
        Replay replay = Replaying.of(story.evidence(), new Until.End());

        // Then
        assertEquals(List.of("m1: hello", "a1: hi", "m2: more", "a2: gladly"), messages(replay));
        assertEquals(List.of("RunRequested", "RunStarted", "Received", "Fenced", "TurnCompleted", "Received",
                "TurnCompleted", "RunEnded"), facts(replay));
        assertTrue(replay.complete());
        assertEquals(0, replay.voidRecords());
    }

    @Test
    @DisplayName("up to a seq: that record is the last one, and nothing later shows")
    void aSeqIsInclusive() {
        // Given
        Story story = new Story().run(RunReason.INITIAL).firstMessage("m1", "hello").fence(1).answer(1, "a1", "hi")
                .turn(1, -1);
        long firstTurn = story.lastOutSeq();
        story.message(0, "m2", "more").answer(1, "a2", "gladly").turn(1, 0).ended(1, RunOutcome.COMPLETED);

        // When
        Replay upTo = Replaying.of(story.evidence(), new Until.Seq(firstTurn));
        Replay before = Replaying.of(story.evidence(), new Until.Seq(firstTurn - 1));

        // Then
        assertEquals(List.of("m1: hello", "a1: hi"), messages(upTo));
        assertEquals(List.of("RunRequested", "RunStarted", "Received", "Fenced", "TurnCompleted"), facts(upTo));
        assertEquals(List.of("RunRequested", "RunStarted", "Received", "Fenced"), facts(before));
    }

    @Test
    @DisplayName("up to a time: what arrived later does not show, and a run that ended later has not ended")
    void aTimeCutsEverything() {
        // Given
        Story story = new Story().run(RunReason.INITIAL).firstMessage("m1", "hello").fence(1).answer(1, "a1", "hi")
                .turn(1, -1);
        long then = story.row().updatedAt();
        story.message(0, "m2", "more").ended(1, RunOutcome.CRASHED);

        // When
        Replay replay = Replaying.of(story.evidence(), new Until.Time(then));

        // Then
        assertEquals(List.of("m1: hello", "a1: hi"), messages(replay));
        assertFalse(facts(replay).contains("RunEnded"));
    }

    @Test
    @DisplayName("an answer that is not complete is told, behind the message it answers")
    void anOpenAnswerIsTold() {
        // Given
        Story story = Story.ofTwoTurns().run(RunReason.CONTINUATION).message(1, "m3", "and?").fence(2)
                .chunk(2, "{\"type\":\"start\",\"messageId\":\"a3\"}")
                .chunk(2, "{\"type\":\"text-start\",\"id\":\"t\"}")
                .chunk(2, "{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"half\"}");

        // When
        Replay replay = Replaying.of(story.evidence(), new Until.End());

        // Then
        assertEquals(List.of("m1: hello", "a1: hi", "m2: more", "a2: gladly", "m3: and?", "a3: half"),
                messages(replay));
    }

    @Test
    @DisplayName("what a run wrote behind the fence of its successor is counted and not told")
    void voidRecordsAreCounted() {
        // Given
        Story story = Story.ofTwoTurns().run(RunReason.CONTINUATION).message(1, "m3", "and?").fence(2)
                .answer(1, "ghost", "boo").answer(2, "a3", "yes").turn(2, 1);

        // When
        Replay replay = Replaying.of(story.evidence(), new Until.End());

        // Then
        assertEquals(5, replay.voidRecords());
        assertEquals(List.of("m1: hello", "a1: hi", "m2: more", "a2: gladly", "m3: and?", "a3: yes"),
                messages(replay));
    }

    @Test
    @DisplayName("when records have left the topics the replay says so")
    void aRestIsCalledOne() {
        // Given
        Story story = Story.ofTwoTurns().afterRetention(105, 501);

        // When
        Replay replay = Replaying.of(story.evidence(), new Until.End());

        // Then
        assertFalse(replay.complete());
        assertEquals(List.of("m2: more", "a2: gladly"),
                messages(replay).subList(messages(replay).size() - 2, messages(replay).size()));
    }

    @Test
    @DisplayName("a small number is a seq, a large one is a time, and a date needs its offset")
    void pointsAreRead() {
        assertEquals(new Until.Seq(60), Until.parse("60"));
        assertEquals(new Until.Time(1_900_000_000_000L), Until.parse("1900000000000"));
        assertEquals(new Until.Time(1_769_860_800_000L), Until.parse("2026-01-31T12:00:00Z"));
        assertEquals(new Until.Time(1_769_857_200_000L), Until.parse("2026-01-31T12:00:00+01:00"));
        assertThrows(IllegalArgumentException.class, () -> Until.parse("2026-01-31T12:00:00"));
        assertThrows(IllegalArgumentException.class, () -> Until.parse("yesterday"));
    }

    @Test
    @DisplayName("ndjson has one line for each fact, json is one document, text hides control characters")
    void formatsPrint() {
        // Given
        Story story = Story.ofTwoTurns().message(1, "m3", "\\u001b[31mred").run(RunReason.CONTINUATION);
        Replay replay = Replaying.of(story.evidence(), new Until.End());
        List<String> ndjson = new ArrayList<>();
        List<String> json = new ArrayList<>();
        List<String> text = new ArrayList<>();

        // When
        ReplayFormat.NDJSON.print(replay, ndjson::add);
        ReplayFormat.JSON.print(replay, json::add);
        ReplayFormat.TEXT.print(replay, text::add);

        // Then
        assertEquals(1 + replay.timeline().size() + 5, ndjson.size());
        assertTrue(ndjson.stream().noneMatch(line -> line.contains("\n")));
        assertEquals(1, json.size());
        assertTrue(text.stream().anyMatch(line -> line.contains("?[31mred")), text::toString);
    }

    private static List<String> messages(Replay replay) {
        return replay.messages().stream().map(message -> {
            StringBuilder text = new StringBuilder(message.path("id").asText()).append(": ");
            message.path("parts").forEach(part -> text.append(part.path("text").asText("")));
            return text.toString();
        }).toList();
    }

    private static List<String> facts(Replay replay) {
        return replay.timeline().stream().map(fact -> fact.getClass().getSimpleName()).toList();
    }
}
