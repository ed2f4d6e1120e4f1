package dev.baton.standalone;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker in this process (design D13): one KRaft node with one data folder, on loopback ports that are
 * free at the moment and may differ after a restart.
 *
 * <p>What it has acknowledged survives kill -9 of the process: the record is then in the page cache, which belongs to
 * the operating system. It does not survive a power cut, because Kafka does not wait for the disk; whoever needs that
 * runs a cluster with replicas. A fault that Kafka calls fatal (a full disk) ends the process with status 1, and a
 * restart recovers.
 */
public final class EmbeddedBroker implements AutoCloseable {
    /** Kafka's own mark of a folder that is formatted; the formatter writes it last. */
    private static final String FORMATTED = "meta.properties";

    private final KafkaRaftServer server;
    private final String bootstrap;

    private EmbeddedBroker(KafkaRaftServer server, String bootstrap) {
        this.server = server;
        this.bootstrap = bootstrap;
    }

    /**
     * Starts on this folder, which is created and formatted when it is new; returns when clients can connect. Only one
     * process may use the folder: {@link DataFolder} sees to that.
     *
     * @throws IOException when the broker does not start; the message is one line
     */
    public static EmbeddedBroker start(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Integer> ports = FreePort.onLoopback(2);
        BrokerSettings settings = new BrokerSettings(folder, ports.getFirst(), ports.getLast());
        try {
            format(folder);
            if (FormerLife.wasKilled(folder)) {
                FormerLife.end(settings);
            }
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings.toMap(), false), Time.SYSTEM);
            // On failure it stops its own threads before it throws.
            server.startup();
            return new EmbeddedBroker(server, BrokerSettings.HOST + ":" + settings.brokerPort());
        } catch (Exception e) {
            throw new IOException("the embedded broker does not start on " + folder + ": " + e, e);
        }
    }

    private static void format(Path folder) throws Exception {
        if (Files.exists(folder.resolve(FORMATTED))) {
            return;
        }
        new Formatter().setPrintStream(silence()).setNodeId(BrokerSettings.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString()).setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true).setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .addDirectory(folder.toString()).setMetadataLogDirectory(folder.toString()).run();
    }

    /** Standard output is for the READY line. */
    private static PrintStream silence() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }

    /** For {@code BATON_KAFKA_BOOTSTRAP}: {@code 127.0.0.1:port}. */
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
