package dev.baton.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * The life of a broker that was killed, as the metadata of its folder still tells it: it is registered, and leads its
 * partitions. Before the next life begins, a controller alone takes both away.
 *
 * <p>Without that, the next life finds the transactions that were being committed while it believes to lead their partitions,
 * and a moment later learns that it does not, yet. Kafka takes partitions without a leader for deleted ones: it leaves the
 * markers out and calls the transaction complete, and the partitions then stand still for all who read committed records
 * (decision 0021).
 */
final class FormerLife {
    /** Kafka writes it last when it stops in good order, and removes it when it starts. */
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";
    /** Its metadata, from the first start on. */
    private static final String METADATA = "__cluster_metadata-0";
    /** There is nobody who could send a heartbeat. */
    private static final String SESSION_MS = "300";
    private static final String HEARTBEAT_MS = "100";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** The controller knows its brokers as soon as it is active. One that died before it had registered is not among them. */
    private static final Duration REGISTERED_WITHIN = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String COUNT_OF = "kafka.controller:type=KafkaController,name=";

    private FormerLife() {}

    /** Whether the broker of this folder was stopped without being asked. */
    static boolean wasKilled(Path folder) {
        return Files.exists(folder.resolve(METADATA)) && !Files.exists(folder.resolve(CLEAN_SHUTDOWN));
    }

    /**
     * Returns when nobody is registered as alive any more. If we die here, the next start does the same.
     *
     * @throws IOException when it takes too long
     */
    static void end(BrokerSettings settings) throws IOException, InterruptedException {
        KafkaRaftServer controller = new KafkaRaftServer(
                new KafkaConfig(settings.controllerOnly(SESSION_MS, HEARTBEAT_MS), false), Time.SYSTEM);
        controller.startup();
        try {
            awaitNobody();
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static void awaitNobody() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long activeSince = Long.MAX_VALUE;
        while (System.nanoTime() < deadline) {
            long now = System.nanoTime();
            if (activeSince == Long.MAX_VALUE && count("ActiveControllerCount") > 0) {
                activeSince = now;
            }
            boolean known = count("FencedBrokerCount") > 0
                    || activeSince != Long.MAX_VALUE && now - activeSince > REGISTERED_WITHIN.toNanos();
            if (known && count("ActiveBrokerCount") == 0) {
                return;
            }
            Thread.sleep(PAUSE);
        }
        throw new IOException(
                "the broker that ran on this folder before is still registered after " + PATIENCE.toSeconds() + " s");
    }

    /** From Kafka's own monitoring; 0 until the controller has it. */
    private static int count(String name) throws IOException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            return ((Number) beans.getAttribute(new ObjectName(COUNT_OF + name), "Value")).intValue();
        } catch (InstanceNotFoundException _) {
            return 0;
        } catch (JMException e) {
            throw new IOException("Kafka does not tell its " + name + ": " + e, e);
        }
    }
}
