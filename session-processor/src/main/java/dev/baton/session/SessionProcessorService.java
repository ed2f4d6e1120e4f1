package dev.baton.session;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.ServiceHealth;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.service.TopicProvisioner;

/** The session processor as a service: the only writer of session state. Start and close are called by one thread. */
public final class SessionProcessorService implements ServiceHealth, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionProcessorService.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final KafkaStreams streams;
    private final ProcessorMetrics metrics;
    private final CountDownLatch running = new CountDownLatch(1);

    private SessionProcessorService(KafkaStreams streams, ProcessorMetrics metrics) {
        this.streams = streams;
        this.metrics = metrics;
    }

    /**
     * Creates what topics are missing and returns when the topology runs.
     *
     * @throws SettingsException with one line for the operator when it does not run within 30 s
     */
    public static SessionProcessorService start(Settings settings, Metrics metrics) {
        TopicProvisioner.provision(settings);
        ProcessorMetrics meters = new ProcessorMetrics(metrics);
        KafkaStreams streams = new KafkaStreams(SessionTopology.build(meters),
                SessionStreamsConfig.of(settings, meters));
        SessionProcessorService service = new SessionProcessorService(streams, meters);
        service.awaitRunning(settings);
        return service;
    }

    private void awaitRunning(Settings settings) {
        streams.setUncaughtExceptionHandler(this::replaceThread);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
        });
        streams.start();
        if (!runsInTime()) {
            KafkaStreams.State state = streams.state();
            close();
            throw new SettingsException("expected the session topology to run within " + START_PATIENCE.toSeconds()
                    + " s, but it is " + state + ": check the broker at " + settings.text(Setting.KAFKA_BOOTSTRAP)
                    + " and that no other process uses " + settings.text(Setting.STATE_DIR) + " (BATON_STATE_DIR)");
        }
    }

    private boolean runsInTime() {
        try {
            return running.await(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * A stream thread died, by a broker that was away too long or by a bug. Its transaction is aborted, so a new thread
     * takes up where the last commit left off.
     */
    private StreamThreadExceptionResponse replaceThread(Throwable failure) {
        metrics.threadReplaced();
        LOG.atError().setCause(failure).log("a stream thread died and is replaced");
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    @Override
    public String name() {
        return "processor";
    }

    @Override
    public boolean ready() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public boolean live() {
        return streams.state() != KafkaStreams.State.ERROR && streams.state() != KafkaStreams.State.PENDING_ERROR;
    }

    /** Leaves the group: without that the next start waits for the session timeout. */
    @Override
    public void close() {
        streams.close(CloseOptions.timeout(CLOSE_PATIENCE)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }
}
