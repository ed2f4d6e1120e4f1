package dev.baton.ingress.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** contract §1.3, §1.10; features #33, #34. */
class SessionPagesTest {
    private static final SessionFilter ALL = filter(Set.of(), Set.of());

    private final SessionTable table = new SessionTable();

    @Test
    void theNewestComesFirstAndOfTwoOfOneMillisecondTheHigherId() {
        // Given
        SessionRow older = Rows.numbered(1, "env_dev", "echo");
        SessionRow low = at(5, "session_ca");
        SessionRow high = at(5, "session_cb");

        // When
        List.of(low, older, high).forEach(table::put);

        // Then
        assertEquals(List.of(high, low, older), page(ALL, 10, null, null).rows());
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrDoubleInBothDirections() {
        // Given
        IntStream.range(0, 25).forEach(number -> table.put(Rows.numbered(number, "env_dev", "echo")));

        // When
        Page<SessionRow> first = page(ALL, 10, null, null);
        Page<SessionRow> second = page(ALL, 10, first.rows().getLast(), null);
        Page<SessionRow> third = page(ALL, 10, second.rows().getLast(), null);
        Page<SessionRow> back = page(ALL, 10, null, third.rows().getFirst());
        Page<SessionRow> begin = page(ALL, 10, null, back.rows().getFirst());

        // Then
        assertEquals(IntStream.iterate(24, number -> number >= 0, number -> number - 1).boxed().toList(),
                Stream.of(first, second, third).map(SessionPagesTest::numbers).flatMap(List::stream).toList());
        assertEquals(List.of(true, true, false), List.of(first.next(), second.next(), third.next()));
        assertEquals(List.of(false, true, true), List.of(first.previous(), second.previous(), third.previous()));
        assertEquals(second, back);
        assertEquals(first.rows(), begin.rows());
        assertFalse(begin.previous());
        assertTrue(begin.next());
    }

    @Test
    void aSessionThatIsCreatedMeanwhileMovesNoLaterPage() {
        // Given
        IntStream.range(0, 4).forEach(number -> table.put(Rows.numbered(number, "env_dev", "echo")));
        Page<SessionRow> first = page(ALL, 2, null, null);

        // When
        table.put(Rows.numbered(9, "env_dev", "echo"));
        table.remove(new SessionKey("env_dev", "chat-2"));

        // Then: the cursor was the row that is gone
        assertEquals(List.of(1, 0), numbers(page(ALL, 2, first.rows().getLast(), null)));
    }

    @Test
    void ofSeveralTagsOneIsEnoughAndNobodyComesTwice() {
        // Given
        table.put(Rows.numbered(1, "env_dev", "echo", "a", "b"));
        table.put(Rows.numbered(2, "env_dev", "echo", "b"));
        table.put(Rows.numbered(3, "env_dev", "echo", "c"));
        table.put(Rows.numbered(4, "env_dev", "other", "a"));

        // When, Then
        assertEquals(List.of(4, 2, 1), numbers(page(filter(Set.of("a", "b"), Set.of()), 10, null, null)));
        assertEquals(List.of(2, 1), numbers(page(filter(Set.of("a", "b"), Set.of("echo")), 10, null, null)));
        assertEquals(List.of(4, 3, 2, 1), numbers(page(filter(Set.of(), Set.of("echo", "other")), 10, null, null)));
        assertEquals(List.of(), numbers(page(filter(Set.of(), Set.of("nothing")), 10, null, null)));
    }

    @Test
    void aTagThatWasTakenAwayFindsTheSessionNoMore() {
        // Given
        SessionRow row = Rows.numbered(1, "env_dev", "echo", "a", "b");
        table.put(row);

        // When
        table.put(Rows.ending(row, null, null, "b", "c"));

        // Then
        assertEquals(List.of(), numbers(page(filter(Set.of("a"), Set.of()), 10, null, null)));
        assertEquals(List.of(1), numbers(page(filter(Set.of("b"), Set.of()), 10, null, null)));
        assertEquals(List.of(1), numbers(page(filter(Set.of("c"), Set.of()), 10, null, null)));
        assertEquals(List.of(1), numbers(page(ALL, 10, null, null)));
    }

    @Test
    void statusesAreDerivedWhenTheyAreAskedFor() {
        // Given
        table.put(Rows.numbered(1, "env_dev", "echo"));
        table.put(Rows.ending(Rows.numbered(2, "env_dev", "echo"), 50L, 60L));
        table.put(Rows.ending(Rows.numbered(3, "env_dev", "echo"), null, 60L));

        // When, Then: closed wins, and expiry counts from the very millisecond
        assertEquals(List.of(3, 1), numbers(page(withStatus(59, SessionStatus.ACTIVE), 10, null, null)));
        assertEquals(List.of(3), numbers(page(withStatus(60, SessionStatus.EXPIRED), 10, null, null)));
        assertEquals(List.of(2), numbers(page(withStatus(60, SessionStatus.CLOSED), 10, null, null)));
        assertEquals(List.of(3, 2),
                numbers(page(withStatus(60, SessionStatus.EXPIRED, SessionStatus.CLOSED), 10, null, null)));
    }

    @Test
    void timesOfCreationBoundTheListOnBothSidesInclusively() {
        // Given
        IntStream.range(0, 10).forEach(number -> table.put(Rows.numbered(number, "env_dev", "echo")));

        // When, Then
        assertEquals(List.of(5, 4, 3), numbers(page(created(3, 5), 10, null, null)));
        assertEquals(List.of(4, 3), numbers(page(created(3, 5), 10, Rows.numbered(5, "env_dev", "echo"), null)));
        assertEquals(List.of(5, 4), numbers(page(created(3, 5), 10, null, Rows.numbered(3, "env_dev", "echo"))));
        assertEquals(List.of(), numbers(page(created(3, 5), 10, Rows.numbered(1, "env_dev", "echo"), null)));
        assertEquals(List.of(), numbers(page(created(3, 5), 10, null, Rows.numbered(8, "env_dev", "echo"))));
        assertEquals(List.of(), numbers(page(created(5, 3), 10, null, null)));
    }

    @Test
    void anExternalIdFindsItsSessionAndAFriendlyIdIsNone() {
        // Given
        table.put(Rows.numbered(1, "env_dev", "echo"));
        table.put(Rows.numbered(2, "env_dev", "echo"));
        table.put(Rows.open(null));

        // When, Then
        assertEquals(List.of(2, 1), numbers(page(named("chat-1", "chat-2", "chat-3"), 10, null, null)));
        assertEquals(List.of(1), numbers(page(named("chat-1", "chat-2"), 10, Rows.numbered(2, "env_dev", "echo"),
                null)));
        assertEquals(List.of(), page(named(Rows.SESSION_ID), 10, null, null).rows());
    }

    @Test
    void environmentsDoNotSeeEachOther() {
        // Given
        table.put(Rows.numbered(1, "env_dev", "echo", "a"));
        table.put(Rows.numbered(2, "env_prod", "echo", "a"));

        // When, Then
        assertEquals(List.of(1), numbers(page(ALL, 10, null, null)));
        assertEquals(List.of(1), numbers(page(filter(Set.of("a"), Set.of("echo")), 10, null, null)));
        assertEquals(List.of(), numbers(page(named("chat-2"), 10, null, null)));
    }

    @Test
    void anIndexedListEqualsAScanOfAllRowsWhateverHappenedBefore() {
        // Given
        long seed = 20260101;
        Random random = new Random(seed);
        List<SessionRow> rows = new ArrayList<>();
        for (int number = 0; number < 300; number++) {
            SessionRow row = Rows.numbered(number, "env_dev", "task" + random.nextInt(3), "t" + random.nextInt(4));
            table.put(row);
            SessionRow changed = Rows.ending(row, null, null, "t" + random.nextInt(4), "t" + random.nextInt(4));
            switch (random.nextInt(3)) {
                case 0 -> table.remove(row.key());
                case 1 -> rows.addFirst(row);
                default -> {
                    table.put(changed);
                    table.put(row);
                    rows.addFirst(changed);
                }
            }
        }

        // When
        SessionFilter filter = filter(Set.of("t1", "t2"), Set.of("task0", "task2"));
        List<SessionRow> paged = new ArrayList<>();
        Page<SessionRow> page = page(filter, 7, null, null);
        paged.addAll(page.rows());
        while (page.next()) {
            page = page(filter, 7, page.rows().getLast(), null);
            paged.addAll(page.rows());
        }

        // Then
        assertEquals(rows.stream().filter(filter::matches).toList(), paged, "seed " + seed);
    }

    private Page<SessionRow> page(SessionFilter filter, int size, SessionRow after, SessionRow before) {
        return table.page("env_dev", filter, new Paging<>(size, after == null ? null : ListPosition.of(after),
                before == null ? null : ListPosition.of(before)));
    }

    /** A numbered session was created at its number. */
    private static List<Integer> numbers(Page<SessionRow> page) {
        return page.rows().stream().map(row -> (int) row.createdAt()).toList();
    }

    private static SessionRow at(long createdAt, String id) {
        SessionRow row = Rows.numbered((int) createdAt, "env_dev", "echo");
        return new SessionRow(SessionRow.FORMAT, 1, "env_dev", id, id + "-chat", row.type(), row.taskIdentifier(),
                row.triggerConfig(), List.of(), null, null, null, null, createdAt, createdAt, null, 0, false, -1, -1,
                -1, -1, 0, null, null, null);
    }

    private static SessionFilter filter(Set<String> tags, Set<String> tasks) {
        return new SessionFilter(Set.of(), tags, tasks, Set.of(), Set.of(), Long.MIN_VALUE, Long.MAX_VALUE, 0);
    }

    private static SessionFilter named(String... externalIds) {
        return new SessionFilter(Set.of(), Set.of(), Set.of(), Set.of(externalIds), Set.of(), Long.MIN_VALUE,
                Long.MAX_VALUE, 0);
    }

    private static SessionFilter withStatus(long now, SessionStatus... statuses) {
        return new SessionFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(statuses), Long.MIN_VALUE,
                Long.MAX_VALUE, now);
    }

    private static SessionFilter created(long from, long to) {
        return new SessionFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), from, to, 0);
    }
}
