package dev.baton.agent.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.Agent;
import dev.baton.agent.AgentRun;
import dev.baton.agent.RunEnd;
import dev.baton.agent.SimulatedCrash;
import dev.baton.agent.http.SupersededException;
import dev.baton.agent.session.OutgoingRecord;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.worker.DequeuedRun;

/**
 * Who serves the session of an {@link OfflineChat}: one run at a time, and a successor whenever a run ends with something
 * unanswered, as a server decides it. The chat's monitor guards all of it; runs execute outside.
 */
final class OfflineRuns {
    /** As docs/PROTOCOL.md 5.5 has it. */
    private static final int FRUITLESS_RUNS_MAX = 3;
    private static final String SESSION_ID = "session_offline";

    private final OfflineChat chat;
    private final Agent agent;
    private final OfflineChannels channels;
    private final List<OfflineRun> runs = new ArrayList<>();
    private Optional<Live> current = Optional.empty();
    private long generation;
    private long settledInSeq = -1;
    private boolean firstSettled;
    private boolean firstAppended;
    private int fruitless;

    /** A run that executes. */
    record Live(OfflineRun run, AgentRun agentRun, OfflineSession session, Thread thread) {}

    OfflineRuns(OfflineChat chat, Agent agent, OfflineChannels channels) {
        this.chat = chat;
        this.agent = agent;
        this.channels = channels;
    }

    Optional<Live> current() {
        return current;
    }

    boolean owns(long ofGeneration) {
        return current.filter(live -> live.run().generation() == ofGeneration).isPresent();
    }

    List<OfflineRun> all() {
        return List.copyOf(runs);
    }

    /** @param payload what the session was created with */
    String start(RunReason reason, ObjectNode payload) {
        Optional<String> previous = runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast().runId());
        generation++;
        String runId = "run_" + generation;
        ObjectNode mine = payload.deepCopy();
        previous.ifPresent(id -> {
            mine.remove(List.of("trigger", "message"));
            mine.put("continuation", true).put("previousRunId", id);
        });
        DequeuedRun assignment = new DequeuedRun(runId, 1, generation, reason, "offline", SESSION_ID, Entries.CHAT_ID,
                previous.orElse(null), Json.of(mine), "token", "http://offline.invalid", 5_000);
        OfflineSession session = new OfflineSession(chat, channels, generation);
        AgentRun run = new AgentRun(assignment, session);
        run.onWaiting(chat::changed);
        OfflineRun noted = new OfflineRun(runId, generation, reason, Optional.empty());
        runs.add(noted);
        Live live = new Live(noted, run, session,
                Thread.ofVirtual().name(runId).unstarted(() -> execute(noted.generation(), run)));
        current = Optional.of(live);
        live.thread().start();
        return runId;
    }

    private void execute(long ofGeneration, AgentRun run) {
        Optional<RunEnd> end = Optional.empty();
        RunOutcome outcome;
        try {
            end = Optional.of(agent.run(run));
            outcome = end.get().outcome();
        } catch (SimulatedCrash _) {
            outcome = RunOutcome.CRASHED;
        } catch (InterruptedException | SupersededException _) {
            outcome = RunOutcome.CANCELLED;
        } catch (RuntimeException | Error _) {
            outcome = RunOutcome.FAILED;
        }
        chat.ended(ofGeneration, outcome, end);
    }

    /** A run is over; one that was superseded before has nothing to say any more. */
    void ended(long ofGeneration, RunOutcome outcome, Optional<RunEnd> end, ObjectNode payload, boolean closed) {
        if (!owns(ofGeneration)) {
            return;
        }
        note(outcome);
        current = Optional.empty();
        long before = settledInSeq;
        boolean firstBefore = firstSettled;
        settledInSeq = Math.max(settledInSeq, Math.max(channels.settledInSeq(),
                end.map(RunEnd::settledInSeq).orElse(-1L)));
        firstSettled |= channels.anyTurnComplete() || end.filter(RunEnd::firstTurnSettled).isPresent();
        fruitless = settledInSeq > before || firstSettled != firstBefore ? 0 : fruitless + 1;
        if (fruitless >= FRUITLESS_RUNS_MAX && unanswered()) {
            giveUp();
        }
        if (unanswered() && !closed) {
            start(RunReason.CONTINUATION, payload);
        }
    }

    /** The run of this moment hands over to a successor. */
    String supersede(RunReason reason, ObjectNode payload) {
        note(RunOutcome.SUPERSEDED);
        settledInSeq = Math.max(settledInSeq, channels.settledInSeq());
        firstSettled |= channels.anyTurnComplete();
        appendFirst();
        return start(reason, payload);
    }

    private void note(RunOutcome outcome) {
        runs.set(runs.size() - 1, runs.getLast().ended(outcome));
    }

    private boolean unanswered() {
        appendFirst();
        return channels.lastInSeq() > settledInSeq;
    }

    /** A first message that its run has not answered goes to the channel, where successors look for it. */
    private void appendFirst() {
        Optional<JsonNode> first = channels.firstMessage();
        if (first.isPresent() && !firstSettled && !firstAppended) {
            firstAppended = true;
            channels.appendIn(first.get());
        }
    }

    private void giveUp() {
        fruitless = 0;
        settledInSeq++;
        channels.appendOut(OutgoingRecord.ofChunk(WireJson.MAPPER.createObjectNode().put("type", "error")
                .put("errorText", "This message could not be answered.")), generation);
        channels.appendOut(OutgoingRecord.ofControl(ChannelRecord.control(ChannelRecord.TURN_COMPLETE,
                new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(settledInSeq)))), generation);
    }
}
