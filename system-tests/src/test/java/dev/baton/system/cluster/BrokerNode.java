package dev.baton.system.cluster;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.Patience;

/**
 * One of several Kafka brokers, in a process of its own, broker and controller in one. Its folder and ports stay the same
 * over its lives.
 */
final class BrokerNode implements Member {
    private static final String READY = "READY ";

    private final int id;
    private final BrokerCluster.Ports ports;
    private final Path folder;
    private ChildJvm process;

    BrokerNode(int id, BrokerCluster.Ports ports, Path folder) {
        this.id = id;
        this.ports = ports;
        this.folder = folder;
    }

    /** Returns before it is ready: nodes need each other for that. */
    void launch() {
        process = ChildJvm.start(Main.class.getName(),
                List.of(Integer.toString(id), folder.resolve("kafka-" + id).toString(), csv(ports.brokers()),
                        csv(ports.controllers()), ports.clusterId()),
                Map.of(), folder.resolve("broker-" + id + ".log"));
    }

    void awaitReady() {
        process.awaitLine(line -> line.startsWith(READY), Patience.DEPLOYMENT_START);
    }

    private static String csv(List<Integer> numbers) {
        return numbers.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    @Override
    public String name() {
        return "broker-" + id;
    }

    @Override
    public ChildJvm process() {
        return process;
    }

    @Override
    public void start() {
        launch();
        awaitReady();
    }

    /** Main class of the process. Arguments: node id, folder, broker ports, controller ports, cluster id. */
    public static final class Main {
        private static final String HOST = "127.0.0.1";

        private Main() {}

        public static void main(String[] args) throws Exception {
            int id = Integer.parseInt(args[0]);
            Path folder = Path.of(args[1]);
            List<String> brokers = List.of(args[2].split(","));
            List<String> controllers = List.of(args[3].split(","));
            if (!Files.exists(folder.resolve("meta.properties"))) {
                Files.createDirectories(folder);
                new Formatter().setPrintStream(silence()).setNodeId(id).setClusterId(args[4])
                        .setReleaseVersion(MetadataVersion.latestProduction()).setIgnoreFormatted(true)
                        .setControllerListenerName("CONTROLLER").addDirectory(folder.toString())
                        .setMetadataLogDirectory(folder.toString()).run();
            }
            Map<String, String> config = config(id, folder, brokers, controllers);
            new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM).startup();
            System.out.println(READY + id);
            new CountDownLatch(1).await();
        }

        private static PrintStream silence() {
            return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        }

        /** Kafka's defaults, but for what a machine with all of them needs and what makes a dead broker noticed soon. */
        private static Map<String, String> config(int id, Path folder, List<String> brokers, List<String> controllers) {
            Map<String, String> config = new TreeMap<>();
            String broker = "BROKER://" + HOST + ":" + brokers.get(id - 1);
            config.put("process.roles", "broker,controller");
            config.put("node.id", Integer.toString(id));
            config.put("controller.quorum.voters", IntStream.rangeClosed(1, controllers.size())
                    .mapToObj(node -> node + "@" + HOST + ":" + controllers.get(node - 1))
                    .collect(Collectors.joining(",")));
            config.put("listeners", broker + ",CONTROLLER://" + HOST + ":" + controllers.get(id - 1));
            config.put("advertised.listeners", broker);
            config.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
            config.put("controller.listener.names", "CONTROLLER");
            config.put("inter.broker.listener.name", "BROKER");
            config.put("log.dirs", folder.toString());
            config.put("auto.create.topics.enable", "false");
            config.put("offsets.topic.num.partitions", "4");
            config.put("transaction.state.log.num.partitions", "4");
            config.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
            config.put("group.initial.rebalance.delay.ms", "0");
            detection().forEach(config::put);
            return config;
        }

        /** As docs/OPERATIONS.md recommends. */
        private static Map<String, String> detection() {
            return Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "500",
                    "controller.quorum.fetch.timeout.ms", "2000", "controller.quorum.election.timeout.ms", "1000",
                    "controller.quorum.request.timeout.ms", "2000", "replica.lag.time.max.ms", "5000",
                    "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        }
    }
}
