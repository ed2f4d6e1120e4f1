package dev.baton.session;

import java.time.Duration;
import java.util.OptionalLong;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

import dev.baton.session.domain.Decision;
import dev.baton.session.domain.SessionCursors;
import dev.baton.session.domain.SessionDecider;
import dev.baton.session.domain.SessionEffect;
import dev.baton.session.domain.SessionEvolver;
import dev.baton.session.domain.SessionState;
import dev.baton.session.domain.SideChannelDecider;
import dev.baton.session.domain.WaitDecider;
import dev.baton.session.domain.WaitDecision;
import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.session.store.PartClaims;
import dev.baton.session.store.SideChannels;
import dev.baton.session.store.WaitStore;
import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.ReplyEnvelope;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.WaitRow;

/**
 * Between the topology and the rules: load, decide, evolve, put, forward. Owned by the stream thread of its task. If we
 * die anywhere in here nothing has happened: the input is read again, and the same decision is taken again.
 */
public final class SessionProcessor implements Processor<SessionKey, SessionInput, String, Object> {
    /** Waits that have timed out leave the store at this pace, some at a time; nobody sees when. */
    private static final Duration DEAD_WAITS_INTERVAL = Duration.ofSeconds(10);

    private final ProcessorMetrics metrics;
    private final DecisionLog decisionLog = new DecisionLog();
    private ProcessorContext<String, Object> context;
    private KeyValueStore<String, SessionState.Known> sessions;
    private PartClaims partClaims;
    private WaitStore waitStore;
    private SideChannels sideChannels;

    /** What one input leads to: about the session, and about the waits on its channels. */
    private record Decided(Decision session, WaitDecision waits) {
        static final Decided NOTHING = new Decided(Decision.NOTHING, WaitDecision.NOTHING);
    }

    public SessionProcessor(ProcessorMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, Object> processorContext) {
        context = processorContext;
        sessions = processorContext.getStateStore(SessionTopology.SESSIONS_STORE);
        WindowStore<String, Long> claims = processorContext.getStateStore(PartClaims.STORE);
        partClaims = new PartClaims(claims);
        waitStore = new WaitStore(processorContext.getStateStore(WaitStore.STORE));
        sideChannels = new SideChannels(processorContext.getStateStore(SideChannels.STORE));
        processorContext.schedule(DEAD_WAITS_INTERVAL, PunctuationType.WALL_CLOCK_TIME, waitStore::forgetDead);
    }

    @Override
    public void process(Record<SessionKey, SessionInput> input) {
        SessionKey key = input.key();
        SessionState.Known stored = sessions.get(key.toString());
        SessionState state = stored == null ? SessionState.ABSENT : stored;
        Decided decided = decide(key, state, input.value());
        Decision decision = decided.session();
        switch (SessionEvolver.evolve(state, decision.events())) {
            case SessionState.Known evolved when evolved != stored -> sessions.put(key.toString(), evolved);
            case SessionState.Known _,SessionState.Absent _ -> {
            }
        }
        for (SessionEffect effect : decision.effects()) {
            perform(effect, input);
        }
        perform(decided.waits(), input);
    }

    /**
     * Deciding has no effects, so a failure in it is safe to drop: the alternative is a stream thread that dies on the
     * same record for ever and takes all sessions of the partition with it. The sender gets no answer and times out.
     */
    private Decided decide(SessionKey key, SessionState state, SessionInput input) {
        try {
            Decision decision = switch (input) {
                case SessionInput.Command command -> decide(key, state, command.envelope());
                case SessionInput.Report report -> SessionDecider.decide(state, report.event());
            };
            count(input, decision);
            decisionLog.decided(key, decision);
            return new Decided(decision, decideWaits(key, state, input, decision));
        } catch (RuntimeException e) {
            metrics.undecidable();
            decisionLog.undecidable(key, input, e);
            return Decided.NOTHING;
        }
    }

    /** The first record of the decision takes all waits with it: they see it, and whatever follows, when they wake. */
    private WaitDecision decideWaits(SessionKey key, SessionState state, SessionInput input, Decision decision) {
        if (input instanceof SessionInput.Command(CommandEnvelope envelope)
                && envelope.command() instanceof SessionCommand.WaitCommand command) {
            long lastInSeq = switch (state) {
                case SessionState.Absent _ -> SessionCursors.NONE;
                case SessionState.Known known -> known.facts().cursors().lastInSeq();
            };
            return WaitDecider.decide(waitStore.of(key), command,
                    new WaitDecider.Occasion(key, envelope.issuedAt(), lastInSeq));
        }
        if (Names.namesSideChannel(key.chatId())) {
            // A side channel wakes nobody (contract §2.8).
            return WaitDecision.NOTHING;
        }
        return decision.effects().stream().filter(SessionEffect.WriteIn.class::isInstance)
                .map(SessionEffect.WriteIn.class::cast).findFirst()
                .map(first -> WaitDecider.appended(waitStore.of(key), first.seq(), input.at()))
                .orElse(WaitDecision.NOTHING);
    }

    private void count(SessionInput input, Decision decision) {
        switch (input) {
            case SessionInput.Command command ->
                metrics.commandDecided(command.envelope().command().getClass().getSimpleName(), decision);
            case SessionInput.Report report ->
                metrics.reportDecided(report.event().getClass().getSimpleName(), decision);
        }
    }

    private Decision decide(SessionKey key, SessionState state, CommandEnvelope envelope) {
        OptionalLong claimedSeq = claimedSeq(key, envelope);
        if (envelope.command() instanceof SessionCommand.AppendSide append) {
            return SideChannelDecider.append(sideChannels.lastSeq(key), append, claimedSeq, envelope.issuedAt());
        }
        return SessionDecider.decide(state, envelope.command(),
                new SessionDecider.Occasion(key, envelope.issuedAt(), claimedSeq));
    }

    private OptionalLong claimedSeq(SessionKey key, CommandEnvelope envelope) {
        return switch (envelope.command()) {
            case SessionCommand.AppendIn append when append.partId() != null ->
                partClaims.find(key, append.partId(), envelope.issuedAt());
            case SessionCommand.AppendSide append when append.partId() != null ->
                partClaims.find(key, append.partId(), envelope.issuedAt());
            case SessionCommand.AppendIn _,SessionCommand.AppendSide _,SessionCommand.CreateSession _,SessionCommand.UpdateSession _,SessionCommand.CloseSession _,SessionCommand.DeleteSession _,SessionCommand.KeepHistory _,SessionCommand.EndAndContinue _,SessionCommand.CancelRun _,SessionCommand.SettleTurn _,SessionCommand.TrimOut _,SessionCommand.WaitCommand _ ->
                OptionalLong.empty();
        };
    }

    private void perform(SessionEffect effect, Record<SessionKey, SessionInput> input) {
        SessionKey key = input.key();
        long at = input.value().at();
        switch (effect) {
            case SessionEffect.WriteIn write -> forward(SessionTopology.IN_SINK, key.toString(), write.record().body(),
                    at, ChannelRecordCodec.inHeaders(write.seq(), write.record()));
            case SessionEffect.WriteFirstTurn write -> forward(SessionTopology.IN_SINK, key.toString(),
                    write.record().body(), at, ChannelRecordCodec.firstTurnHeaders(write.record()));
            case SessionEffect.WriteOut write -> write.records().forEach(record -> forward(SessionTopology.OUT_SINK,
                    key.toString(), record.body(), at, ChannelRecordCodec.outHeaders(record, write.writer())));
            case SessionEffect.ClaimPart claim -> partClaims.put(key, claim.partId(), claim.seq(), claim.at());
            case SessionEffect.CountSide count -> sideChannels.put(key, count.lastSeq());
            case SessionEffect.PublishRow publish ->
                forward(SessionTopology.ROWS_SINK, key.toString(), publish.row(), at, new RecordHeaders());
            case SessionEffect.PublishProvenance publish -> forward(SessionTopology.PROVENANCE_SINK,
                    Names.provenanceKey(key, publish.row().runId()), publish.row(), at, new RecordHeaders());
            case SessionEffect.RemoveProvenance removal -> removeProvenance(key, removal, at);
            case SessionEffect.RequestRun request -> send(key, request.taskIdentifier(), request.request(), at);
            case SessionEffect.WithdrawRun withdrawal ->
                send(key, withdrawal.taskIdentifier(), withdrawal.request(), at);
            case SessionEffect.Reply reply -> answer(reply.reply(), input.value());
        }
    }

    private void perform(WaitDecision decision, Record<SessionKey, SessionInput> input) {
        if (!decision.events().isEmpty()) {
            waitStore.put(input.key(), decision.applyTo(waitStore.of(input.key())));
        }
        for (WaitRow row : decision.published()) {
            forward(SessionTopology.WAITS_SINK, Names.waitKey(input.key(), row.waitpointId()), row, input.value().at(),
                    new RecordHeaders());
        }
        if (decision.reply() != null) {
            answer(decision.reply(), input.value());
        }
    }

    private void removeProvenance(SessionKey key, SessionEffect.RemoveProvenance removal, long at) {
        for (long generation = 1; generation <= removal.generation(); generation++) {
            forward(SessionTopology.PROVENANCE_SINK,
                    Names.provenanceKey(key, Names.runId(removal.sessionId(), generation)), null, at,
                    new RecordHeaders());
        }
    }

    private void send(SessionKey key, String taskIdentifier, RunRequest request, long at) {
        forward(SessionTopology.REQUESTS_SINK, Names.queueKey(key.environmentId(), taskIdentifier), request, at,
                new RecordHeaders());
    }

    private void answer(SessionReply reply, SessionInput input) {
        switch (input) {
            case SessionInput.Command(CommandEnvelope envelope) when envelope.replyPartition() >= 0 -> forward(
                    SessionTopology.REPLIES_SINK, envelope.requestId(), new AddressedReply(envelope.replyPartition(),
                            new ReplyEnvelope(envelope.requestId(), reply)),
                    input.at(), new RecordHeaders());
            case SessionInput.Command _,SessionInput.Report _ -> {
            }
        }
    }

    private void forward(String sink, String key, Object value, long at, Headers headers) {
        context.forward(new Record<>(key, value, at, headers), sink);
    }
}
