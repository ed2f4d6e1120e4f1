package dev.baton.session.metrics;

import java.util.Locale;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import dev.baton.session.domain.Decision;
import dev.baton.session.domain.SessionEvent;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.session.SessionReply;

/**
 * The meters of the session processor. They count decisions that were taken, also those whose transaction was aborted
 * and which were taken again: after a crash they may run ahead of the topics.
 */
public final class ProcessorMetrics {
    private static final String COMMANDS = "baton.processor.commands";
    private static final String REPORTS = "baton.processor.reports";
    private static final String REFUSALS = "baton.processor.refusals";
    private static final String HAND_OVERS = "baton.processor.handovers";
    private static final String SKIPPED = "baton.processor.skipped";
    private static final String UNDECIDABLE = "baton.processor.undecidable";
    private static final String THREADS_REPLACED = "baton.processor.threads.replaced";

    private final MeterRegistry registry;

    public ProcessorMetrics(Metrics metrics) {
        registry = metrics.registry();
    }

    /** @param command simple name of the command */
    public void commandDecided(String command, Decision decision) {
        registry.counter(COMMANDS, "command", command).increment();
        decision.reply().ifPresent(this::refused);
        handOvers(decision);
    }

    /** @param report simple name of the run event */
    public void reportDecided(String report, Decision decision) {
        registry.counter(REPORTS, "report", report).increment();
        handOvers(decision);
    }

    /** A record that is not ours, or not readable. */
    public void skipped(String topic) {
        registry.counter(SKIPPED, "topic", topic).increment();
    }

    public void undecidable() {
        registry.counter(UNDECIDABLE).increment();
    }

    public void threadReplaced() {
        registry.counter(THREADS_REPLACED).increment();
    }

    private void refused(SessionReply reply) {
        switch (reply) {
            case SessionReply.Refused refused -> registry
                    .counter(REFUSALS, "refusal", refused.refusal().name().toLowerCase(Locale.ROOT)).increment();
            case SessionReply.SessionAnswered _,SessionReply.AppendAnswered _,SessionReply.HandOverAnswered _,SessionReply.WaitAnswered _ ->
                {
                }
        }
    }

    private void handOvers(Decision decision) {
        for (SessionEvent event : decision.events()) {
            if (event instanceof SessionEvent.RunHandedOver handOver) {
                Counter counter = registry.counter(HAND_OVERS, "reason", handOver.run().reason().label());
                counter.increment();
            }
        }
    }
}
