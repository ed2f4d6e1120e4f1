package dev.baton.agent.echo;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EchoAnswerTest {
    @Test
    void anAnswerRepeatsTheTextAndEndsWithTheCount() {
        // When
        EchoAnswer answer = EchoAnswer.repeating("hello  wide world", 3);

        // Then
        assertEquals("You said: hello  wide world. That is user message 3 of this conversation.", answer.text());
        assertEquals("You ", answer.deltas().getFirst());
        assertEquals("hello  ", answer.deltas().get(2));
    }

    @Test
    void countingHasExactlyAsManyDeltasAsAskedForAndTheLastNamesTheCount() {
        // When
        EchoAnswer answer = EchoAnswer.counting(4, 2);

        // Then
        assertEquals(4, answer.deltas().size());
        assertEquals("1 2 3 4. That is user message 2 of this conversation.", answer.text());
        assertEquals("That is user message 7 of this conversation.",
                EchoAnswer.counting(1, 7).text().substring("1. ".length()));
    }

    @Test
    void aContinuationAtEveryCutGivesTheSameText() {
        for (EchoAnswer answer : new EchoAnswer[]{EchoAnswer.repeating("straße \uD83D\uDE00 and so on", 12),
                EchoAnswer.counting(12, 1)}) {
            String text = answer.text();
            for (int cut = 0; cut <= text.length(); cut++) {
                // Given
                String written = text.substring(0, cut);

                // When
                EchoAnswer rest = answer.after(written);

                // Then
                assertEquals(text, written + rest.text(), "cut at " + cut);
            }
            assertTrue(answer.after(text).deltas().isEmpty());
        }
    }

    @Test
    void somethingElseThatWasWrittenIsNotTakenForABeginning() {
        // Given
        EchoAnswer answer = EchoAnswer.repeating("hello", 1);

        // When / Then
        assertEquals(answer, answer.after("Another answer"));
    }
}
