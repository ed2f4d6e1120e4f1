package dev.baton.run;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.run.domain.Decision;
import dev.baton.run.domain.QueueEvent;
import dev.baton.run.domain.RunAssignment.AnswerStart;
import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunAssignment.CancelRun;
import dev.baton.run.domain.RunAssignment.DrainWorker;
import dev.baton.run.domain.RunDecider;
import dev.baton.run.domain.RunDispatcher;
import dev.baton.run.domain.RunEffect;
import dev.baton.run.domain.RunEvolver;
import dev.baton.run.domain.RunInput;
import dev.baton.run.domain.RunLimits;
import dev.baton.run.domain.RunPublication;
import dev.baton.run.domain.RunState;
import dev.baton.run.domain.WorkerVersions;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.run.store.DurableRunQueue;
import dev.baton.wire.Names;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionKey;

/**
 * Adapter between Kafka Streams and the pure domain: decide, evolve, forward; then dispatch what became possible. One
 * instance per task, used by one stream thread. Everything it forwards leaves in the transaction of the input.
 */
public final class RunProcessor implements Processor<String, RunInput, String, Object> {
    /** How late a timeout may be noticed. */
    static final Duration TICK = Duration.ofMillis(250);
    /** A gap between ticks that is longer than this was a stall of ours, during which nobody could be heard. */
    static final Duration STALL = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(RunProcessor.class);

    private final RunDecider decider;
    private final RunDispatcher dispatcher;
    private final RunMetrics metrics;
    private ProcessorContext<String, Object> context;
    private KeyValueStore<String, RunState> runs;
    private KeyValueStore<String, WorkerVersions> versions;
    private Map<String, DurableRunQueue> queues;
    private long watchingSinceMs;
    private long lastTickMs;

    public RunProcessor(RunLimits limits, RunMetrics metrics) {
        this.decider = new RunDecider(limits);
        this.dispatcher = new RunDispatcher(limits);
        this.metrics = metrics;
    }

    /** Called again after the task was revived with restored stores, so nothing in memory may survive from before. */
    @Override
    public void init(ProcessorContext<String, Object> taskContext) {
        context = taskContext;
        runs = context.getStateStore(RunTopology.RUNS_STORE);
        versions = context.getStateStore(RunTopology.VERSIONS_STORE);
        queues = DurableRunQueue.load(runs, versions);
        watchingSinceMs = context.currentSystemTimeMs();
        lastTickMs = watchingSinceMs;
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
        countQueued();
    }

    @Override
    public void process(Record<String, RunInput> record) {
        if (record.key() == null || record.value() == null) {
            metrics.skipped();
            return;
        }
        DurableRunQueue queue = queues.computeIfAbsent(record.key(),
                key -> DurableRunQueue.empty(key, runs, versions));
        handle(queue, record.value(), context.currentSystemTimeMs());
        countQueued();
    }

    private void tick(long nowMs) {
        if (nowMs - lastTickMs > STALL.toMillis()) {
            watchingSinceMs = nowMs;
        }
        lastTickMs = nowMs;
        RunInput.Tick tick = new RunInput.Tick(watchingSinceMs);
        queues.values().forEach(queue -> handle(queue, tick, nowMs));
        // Whoever asks may name any task: what is asked once must not be looked at for ever.
        queues.values().removeIf(DurableRunQueue::isIdle);
        countQueued();
    }

    /** Queues that are looked at: those with runs, polls or workers. */
    int queuesInMemory() {
        return queues.size();
    }

    private void handle(DurableRunQueue queue, RunInput input, long nowMs) {
        perform(queue, decider.decide(queue, input, nowMs), nowMs);
        perform(queue, dispatcher.dispatch(queue, nowMs), nowMs);
    }

    private void perform(DurableRunQueue queue, Decision decision, long nowMs) {
        for (QueueEvent event : decision.events()) {
            RunEvolver.evolve(queue, event);
            RunPublication.of(event).ifPresent(row -> publish(row, nowMs));
            if (event instanceof QueueEvent.RunRequeued) {
                metrics.requeued();
            }
        }
        decision.effects().forEach(effect -> forward(effect, nowMs));
    }

    private void publish(RunStepsRow row, long nowMs) {
        String key = Names.provenanceKey(new SessionKey(row.environmentId(), row.chatId()), row.runId());
        context.forward(new Record<>(key, row, nowMs), RunTopology.STEPS_SINK);
    }

    private void forward(RunEffect effect, long nowMs) {
        switch (effect) {
            case RunEffect.TellGateway tell -> {
                context.forward(new Record<>(tell.gatewayId(), tell.assignment(), nowMs), RunTopology.ASSIGNMENTS_SINK);
                observe(tell);
            }
            case RunEffect.TellSession tell -> {
                context.forward(new Record<>(tell.key().toString(), tell.event(), nowMs), RunTopology.EVENTS_SINK);
                observe(tell.event());
            }
        }
    }

    private void observe(RunEffect.TellGateway tell) {
        switch (tell.assignment()) {
            case AssignRun assigned -> {
                metrics.assigned();
                LOG.atDebug().addKeyValue("runId", assigned.runId()).addKeyValue("gatewayId", tell.gatewayId())
                        .addKeyValue("dispatch", assigned.dispatch()).log("run assigned");
            }
            case AnswerStart answer -> {
                if (!answer.accepted()) {
                    LOG.atWarn().addKeyValue("runId", answer.runId()).addKeyValue("workerId", answer.workerId())
                            .log("start refused: the run is not in this worker's hands");
                }
            }
            case CancelRun cancelled -> LOG.atInfo().addKeyValue("runId", cancelled.runId())
                    .addKeyValue("workerId", cancelled.workerId()).log("worker told to stop a run");
            case DrainWorker drained -> LOG.atDebug().addKeyValue("workerId", drained.workerId())
                    .log("worker of an old version told to drain");
        }
    }

    private void observe(RunEvent event) {
        switch (event) {
            case RunEvent.RunStarted started -> LOG.atInfo().addKeyValue("runId", started.runId())
                    .addKeyValue("generation", started.generation()).addKeyValue("workerId", started.workerId())
                    .log("run started");
            case RunEvent.RunEnded ended -> {
                if (ended.outcome() == RunOutcome.CRASHED) {
                    metrics.crashed();
                }
                LOG.atInfo().addKeyValue("runId", ended.runId()).addKeyValue("generation", ended.generation())
                        .addKeyValue("outcome", ended.outcome().label()).log("run ended");
            }
        }
    }

    private void countQueued() {
        int queued = 0;
        for (DurableRunQueue queue : queues.values()) {
            queued += queue.queued().size();
        }
        metrics.queued(context.taskId().toString(), queued);
    }

    @Override
    public void close() {
        if (context != null) {
            metrics.forget(context.taskId().toString());
        }
    }
}
