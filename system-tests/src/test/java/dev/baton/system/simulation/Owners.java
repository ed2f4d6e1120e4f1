package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import dev.baton.run.RunTopology;
import dev.baton.run.domain.RunState;
import dev.baton.session.SessionTopology;
import dev.baton.session.domain.Ownership;
import dev.baton.session.domain.SessionState;
import dev.baton.wire.Names;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionKey;

/**
 * Invariant: every accepted message is settled or has a live or requested run, and the two topologies agree on that. Told
 * from what both have committed.
 */
final class Owners {
    /** Clocks of two processes differ by less. */
    private static final long SKEW_MAX_MS = 4_000;

    private final World world;
    private final Landscape landscape;
    private final Expect expect;
    /** How many messages there were when a run was cancelled. */
    private final Map<String, Integer> acceptedAtCancel = new HashMap<>();

    Owners(World world, Landscape landscape) {
        this.world = world;
        this.landscape = landscape;
        this.expect = new Expect(world);
    }

    void nobodyIsOrphaned() {
        landscape.chats().forEach(chat -> {
            nobodyIsOrphaned(chat.key());
            onlyPoisonIsGivenUp(chat);
            world.witness().truth().of(chat.key()).waits().nothingMissed();
        });
    }

    private void nobodyIsOrphaned(SessionKey key) {
        SessionState.Known state = state(key);
        if (state == null) {
            expect.that(accepted(key).isEmpty(), "no message on channels of %s before it exists", key);
            return;
        }
        List<String> settled = settledWithoutAnswer(key, state.facts().cursors().settledInSeq());
        expect.that(settled.isEmpty(), "%s of %s to be answered before they count as settled", settled, key);
        if (state.facts().ownership() instanceof Ownership.Alive alive) {
            expect.that(isOnItsWay(alive.run().runId()),
                    "the orchestrator to know the owner %s of %s, or to have told its end", alive.run().runId(), key);
        } else if (state instanceof SessionState.Open && cancelled(state)) {
            silenceWasAsked(key, state);
        } else if (awaitsAnswers(state)) {
            expect.that(!state.facts().unsettled(), "a run to be bound to answer %s, but its last one is %s", key,
                    state.lastRun().orElse(null));
            List<String> unanswered = unanswered(key);
            expect.that(unanswered.isEmpty(), "a run to be bound to answer %s of %s, but there is none", unanswered,
                    key);
        }
    }

    /**
     * What is given up has killed its runs, and nobody has answered it (decision 0011). A run that answered and ended
     * without a word is the exception, as long as the report of its turn is on its way (decision 0017).
     */
    private void onlyPoisonIsGivenUp(SimulatedChat chat) {
        SessionKey key = chat.key();
        Truth.OfSession session = world.witness().truth().of(key);
        for (long seq : session.out().givenUp()) {
            String message = session.in().messageAt(seq);
            String run = message == null ? null : session.out().runThatAnswered(message);
            expect.that(message != null && (run == null || session.provenance().endedSilently(run)),
                    "no error turn for what was answered, but %s of %s (seq %d) was given up after %s had answered it",
                    message, key, seq, run);
        }
        long last = session.out().lastGivenUpBy();
        long before = session.out().givenUpBefore();
        expect.that(last == 0 || session.provenance().killedBetween(before, last) >= chat.killsMax(),
                "%d runs to be killed before a message of %s is given up, but from generation %d to %d it was %d",
                chat.killsMax(), key, before + 1, last, session.provenance().killedBetween(before, last));
    }

    private static boolean cancelled(SessionState.Known state) {
        return state.lastRun().map(run -> run.outcome() == RunOutcome.CANCELLED).orElse(false);
    }

    /** A cancelled run has no successor until the next message (decision 0014), and then it has one at once. */
    private void silenceWasAsked(SessionKey key, SessionState.Known state) {
        String runId = state.lastRun().orElseThrow().runId();
        expect.that(world.witness().cancelAsked(runId), "a client to have cancelled %s, but nobody did", runId);
        int accepted = accepted(key).size();
        int before = acceptedAtCancel.computeIfAbsent(runId, _ -> accepted);
        expect.that(accepted == before, "a run for what %s accepts after the cancel of %s, but there is none", key,
                runId);
    }

    /** Whether the session is open, and open for long. */
    private boolean awaitsAnswers(SessionState.Known state) {
        return state instanceof SessionState.Open open
                && !open.facts().profile().expiredAt(world.time().nowMs() + SKEW_MAX_MS);
    }

    private SessionState.Known state(SessionKey key) {
        SortedMap<String, SessionState.Known> states = landscape.sessions()
                .changelogs(Broker.numberOf(key.toString())).of(SessionTopology.SESSIONS_STORE);
        return states.get(key.toString());
    }

    private List<String> accepted(SessionKey key) {
        return world.witness().truth().of(key).in().accepted();
    }

    private List<String> unanswered(SessionKey key) {
        Truth.OfSession session = world.witness().truth().of(key);
        return accepted(key).stream()
                .filter(message -> !session.out().answered(message, session.in().seqOf(message))).toList();
    }

    private List<String> settledWithoutAnswer(SessionKey key, long settledInSeq) {
        InTruth in = world.witness().truth().of(key).in();
        return unanswered(key).stream().filter(message -> in.seqOf(message).orElse(Long.MAX_VALUE) <= settledInSeq)
                .toList();
    }

    private boolean isOnItsWay(String runId) {
        SortedMap<String, RunState> runs = landscape.runs().changelogs(Broker.numberOf(SimulatedChat.QUEUE))
                .of(RunTopology.RUNS_STORE);
        return runs.containsKey(SimulatedChat.QUEUE + '/' + runId) || isRequested(runId) || isReported(runId);
    }

    private boolean isRequested(String runId) {
        for (LogEntry entry : unread(landscape.runs(), Names.RUN_REQUESTS_TOPIC)) {
            if (entry.value() instanceof RunRequest.StartRun start && start.runId().equals(runId)) {
                return true;
            }
        }
        return false;
    }

    private boolean isReported(String runId) {
        for (LogEntry entry : unread(landscape.sessions(), Names.RUN_EVENTS_TOPIC)) {
            if (entry.value() instanceof RunEvent.RunEnded end && end.runId().equals(runId)) {
                return true;
            }
        }
        return false;
    }

    /** Records that the topology has not committed as read. */
    private List<LogEntry> unread(StreamsGroup group, String topic) {
        List<LogEntry> unread = new ArrayList<>();
        for (LogPartition partition : world.broker().topic(topic)) {
            for (long at = group.committedOffset(topic, partition.number()); at < partition.end(); at++) {
                if (partition.at(at).readable()) {
                    unread.add(partition.at(at));
                }
            }
        }
        return unread;
    }

    /** Whether all is well in the end: what was accepted is answered, and closed sessions are left in peace. */
    boolean allIsSettled() {
        return landscape.chats().stream().allMatch(chat -> chat.served() && isSettled(chat.key()));
    }

    private boolean isSettled(SessionKey key) {
        return switch (state(key)) {
            case null -> false;
            case SessionState.Closed closed -> !(closed.facts().ownership() instanceof Ownership.Alive);
            case SessionState.Open open when cancelled(open)
                    && !(open.facts().ownership() instanceof Ownership.Alive) ->
                true;
            case SessionState.Open open when awaitsAnswers(open) ->
                !open.facts().unsettled() && unanswered(key).isEmpty();
            case SessionState.Open _,SessionState.Deleted _ -> true;
        };
    }

    /** What is missing, for failure messages. */
    String unsettled() {
        StringBuilder text = new StringBuilder();
        for (SimulatedChat chat : landscape.chats()) {
            if (!chat.served() || !isSettled(chat.key())) {
                text.append(chat.key()).append(" (client served: ").append(chat.served()).append(", unanswered: ")
                        .append(unanswered(chat.key())).append(", state: ").append(state(chat.key())).append(") ");
            }
        }
        return text.toString();
    }
}
