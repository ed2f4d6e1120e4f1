package dev.baton.run;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.javalin.config.JavalinConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.run.domain.RunLimits;
import dev.baton.run.gateway.AssignmentReader;
import dev.baton.run.gateway.HandOverTerms;
import dev.baton.run.gateway.KafkaGatewayLog;
import dev.baton.run.gateway.WorkerGateway;
import dev.baton.run.gateway.WorkerRoutes;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.ServiceHealth;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.TopicProvisioner;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

/** The life of runs: the run topology and a worker gateway, in one process (design D7). */
public final class RunOrchestratorService implements ServiceHealth, AutoCloseable {
    private static final Duration STREAMS_CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(RunOrchestratorService.class);

    private final KafkaStreams streams;
    private final KafkaGatewayLog log;
    private final AssignmentReader reader;
    private final WorkerGateway gateway;
    private final WorkerRoutes routes;
    private final ScheduledExecutorService announcer = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().name("poll-announcer").daemon().factory());

    private RunOrchestratorService(Settings settings, Metrics metrics) {
        RunMetrics runMetrics = new RunMetrics(metrics);
        Duration leaseTtl = settings.millis(Setting.LEASE_TTL_MS);
        Tokens tokens = new Tokens(Environments.of(settings), Clock.systemUTC());
        String gatewayId = WorkerGateway.newId();
        streams = new KafkaStreams(RunTopology.build(
                RunLimits.withLeaseTtl(leaseTtl).withStopGrace(settings.millis(Setting.STOP_GRACE_MS)), runMetrics),
                RunStreamsConfig.of(settings, runMetrics));
        log = new KafkaGatewayLog(new KafkaProducer<>(KafkaConfigs.answeringProducer(settings)));
        gateway = new WorkerGateway(gatewayId, log, log, tokens, new HandOverTerms(settings.publicUrl(), leaseTtl),
                this::listening);
        reader = new AssignmentReader(new KafkaConsumer<>(AssignmentReader.consumerConfig(settings)), gatewayId,
                gateway, runMetrics);
        routes = new WorkerRoutes(gateway, tokens, settings.millis(Setting.REQUEST_TIMEOUT_MS));
    }

    /**
     * Starts everything and returns before it is ready.
     *
     * @throws dev.baton.wire.service.SettingsException with one line for the operator when it cannot start
     */
    public static RunOrchestratorService start(Settings settings, Metrics metrics) {
        TopicProvisioner.provision(settings);
        RunOrchestratorService service = new RunOrchestratorService(settings, metrics);
        service.begin();
        return service;
    }

    private void begin() {
        streams.setUncaughtExceptionHandler(failure -> {
            // What the thread had not committed is undone and decided again.
            LOG.atError().addKeyValue("cause", failure.toString()).log("stream thread failed, replacing it");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        reader.start();
        streams.start();
        long everyMs = WorkerGateway.ANNOUNCE_INTERVAL.toMillis();
        announcer.scheduleAtFixedRate(gateway::announce, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    private boolean listening() {
        return reader.positioned();
    }

    /** The worker protocol, for whoever owns the HTTP server. */
    public Consumer<JavalinConfig> routes() {
        return routes;
    }

    @Override
    public String name() {
        return "orchestrator";
    }

    @Override
    public boolean ready() {
        return listening() && streams.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public boolean live() {
        return reader.alive() && !streams.state().hasCompletedShutdown();
    }

    /** Waiting polls are answered first, so that workers turn to another gateway at once. */
    @Override
    public void close() {
        announcer.shutdownNow();
        gateway.close();
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(STREAMS_CLOSE_TIMEOUT));
        reader.close();
        log.close();
    }
}
