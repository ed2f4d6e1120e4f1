package dev.baton.ingress;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.javalin.config.JavalinConfig;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.command.CommandClient;
import dev.baton.ingress.http.ConnectionLimits;
import dev.baton.ingress.http.IngressRoutes;
import dev.baton.ingress.http.IngressServer;
import dev.baton.ingress.http.RateLimits;
import dev.baton.ingress.http.Routes;
import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.log.LogOffsets;
import dev.baton.ingress.log.OutAppender;
import dev.baton.ingress.log.TopicTail;
import dev.baton.ingress.snapshot.FetchedSnapshots;
import dev.baton.ingress.snapshot.PresignedSnapshotUrls;
import dev.baton.ingress.view.SessionView;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.ServiceHealth;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.service.TopicProvisioner;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

/**
 * The ingress: HTTP in front of the topics. It keeps nothing that is not in Kafka, so any number of them may run and
 * any one can be killed; clients come back with their cursors.
 */
public final class IngressService implements ServiceHealth, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngressService.class);
    private static final long PRODUCER_CLOSE_MS = 500;

    /** What must be closed, last started first. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Settings settings;
    private SessionView view;
    private TopicTail in;
    private TopicTail out;
    private CommandClient commands;
    private IngressServer server;

    private IngressService(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts everything and listens; {@code /readyz} says when the view has caught up.
     *
     * @param others services of the same process: ready and live only together with them
     * @param moreRoutes routes of other services that share this port
     * @throws SettingsException with one line for the operator
     */
    public static IngressService start(Settings settings, Metrics metrics, List<? extends ServiceHealth> others,
            List<Consumer<JavalinConfig>> moreRoutes) {
        TopicProvisioner.provision(settings);
        IngressService service = new IngressService(settings);
        try {
            service.connect(metrics.registry());
            service.listen(metrics, others, moreRoutes);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
        LOG.info("ingress listens, host={} port={}", settings.text(Setting.HOST), service.port());
        return service;
    }

    private void connect(MeterRegistry registry) {
        Executor scans = task -> Thread.ofVirtual().name("ingress-catch-up").start(task);
        Admin admin = keep(Admin.create(KafkaConfigs.admin(settings)));
        LogOffsets offsets = new LogOffsets(admin);
        view = keep(SessionView.start(settings, offsets, registry));
        in = keep(TopicTail.start(Channel.IN, settings, offsets, scans, registry));
        out = keep(TopicTail.start(Channel.OUT, settings, offsets, scans, registry));
    }

    private void listen(Metrics metrics, List<? extends ServiceHealth> others,
            List<Consumer<JavalinConfig>> moreRoutes) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(KafkaConfigs.answeringProducer(settings));
        keep(() -> producer.close(java.time.Duration.ofMillis(PRODUCER_CLOSE_MS)));
        commands = keep(CommandClient.start(settings, producer, Clock.systemUTC(), metrics.registry()));
        PresignedSnapshotUrls snapshots = keep(PresignedSnapshotUrls.of(settings));
        List<ServiceHealth> health = new ArrayList<>(others);
        health.add(this);
        List<Routes> routes = IngressRoutes.all(new Tokens(Environments.of(settings), Clock.systemUTC()),
                RateLimits.of(settings, Clock.systemUTC()), view, view.runs(), view,
                commands, new OutAppender(producer), new ChannelReader(in, out), snapshots,
                keep(new FetchedSnapshots(snapshots)), this::publicUrl, health,
                metrics::scrape);
        server = keep(IngressServer.start(settings.text(Setting.HOST), settings.number(Setting.INGRESS_PORT),
                ConnectionLimits.of(settings), routes,
                moreRoutes));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        started.push(resource);
        return resource;
    }

    /** The port it listens on, also when the settings asked for any. */
    public int port() {
        return server.port();
    }

    private String publicUrl() {
        boolean anyPort = settings.number(Setting.INGRESS_PORT) == 0 && !settings.isSet(Setting.PUBLIC_URL);
        return anyPort ? "http://" + settings.text(Setting.HOST) + ":" + port() : settings.publicUrl();
    }

    @Override
    public String name() {
        return "ingress";
    }

    @Override
    public boolean ready() {
        return live() && view.ready();
    }

    @Override
    public boolean live() {
        return view.live() && in.live() && out.live() && commands.live();
    }

    /** Ends all streams first, so that their clients go elsewhere while the rest stops. */
    @Override
    public void close() {
        if (in != null && out != null) {
            in.endAll("the server stops");
            out.endAll("the server stops");
        }
        while (!started.isEmpty()) {
            AutoCloseable resource = started.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("while stopping: {}", e.toString());
            }
        }
    }
}
