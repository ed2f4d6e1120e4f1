package dev.baton.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of the embedded broker: one node that is broker and controller, on loopback, with the reason for
 * each value that is not Kafka's default.
 *
 * @param folder holds the metadata log and all partitions
 * @param brokerPort for clients
 * @param controllerPort for the node itself
 */
record BrokerSettings(Path folder, int brokerPort, int controllerPort) {
    static final int NODE_ID = 1;
    static final String HOST = "127.0.0.1";
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String BROKER_LISTENER = "BROKER";

    /** Above the 4 MiB of the largest topic (TopicCatalog); changelogs of the topologies take this default. */
    private static final int MESSAGE_BYTES_MAX = 5 * 1024 * 1024;
    /** A request may carry one such batch for several partitions. */
    private static final int REQUEST_BYTES_MAX = 32 * 1024 * 1024;
    /**
     * After kill -9 the node is let in again when the session of its former life has run out: Kafka's 9 s would be most
     * of the time a restart takes. Much less than this, and a machine that is out of breath for a moment loses its own
     * broker.
     */
    private static final int SESSION_TIMEOUT_MS = 3_000;
    private static final int HEARTBEAT_MS = 500;
    /** Transactions of a killed process are aborted soon after they time out: until then readers of committed wait. */
    private static final int ABORT_CHECK_MS = 500;
    private static final int CLEANER_BUFFER_BYTES = 4 * 1024 * 1024;
    private static final int INTERNAL_PARTITIONS = 4;
    private static final int NETWORK_THREADS = 2;
    private static final int IO_THREADS = 4;

    Map<String, String> toMap() {
        Map<String, String> config = new TreeMap<>();
        addNode(config);
        addInternalTopics(config);
        addBounds(config);
        return config;
    }

    /** The controller of this node without its broker, which has so much time to be heard of. */
    Map<String, String> controllerOnly(String sessionMs, String heartbeatMs) {
        Map<String, String> config = toMap();
        config.put("process.roles", "controller");
        config.put("listeners", CONTROLLER_LISTENER + "://" + HOST + ":" + controllerPort);
        config.put("advertised.listeners", CONTROLLER_LISTENER + "://" + HOST + ":" + controllerPort);
        config.put("broker.session.timeout.ms", sessionMs);
        config.put("broker.heartbeat.interval.ms", heartbeatMs);
        return config;
    }

    private void addNode(Map<String, String> config) {
        String broker = BROKER_LISTENER + "://" + HOST + ":" + brokerPort;
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(NODE_ID));
        config.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
        config.put("listeners",
                broker + "," + CONTROLLER_LISTENER + "://" + HOST + ":" + controllerPort);
        config.put("advertised.listeners", broker);
        config.put("listener.security.protocol.map",
                BROKER_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        config.put("controller.listener.names", CONTROLLER_LISTENER);
        config.put("inter.broker.listener.name", BROKER_LISTENER);
        config.put("log.dirs", folder.toString());
        config.put("broker.session.timeout.ms", Integer.toString(SESSION_TIMEOUT_MS));
        config.put("broker.heartbeat.interval.ms", Integer.toString(HEARTBEAT_MS));
    }

    /** One replica is all there can be; few partitions, because each costs files and start-up time. */
    private static void addInternalTopics(Map<String, String> config) {
        config.put("auto.create.topics.enable", "false");
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", Integer.toString(INTERNAL_PARTITIONS));
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", Integer.toString(INTERNAL_PARTITIONS));
        config.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", Integer.toString(ABORT_CHECK_MS));
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("share.coordinator.state.topic.num.partitions", "1");
    }

    private static void addBounds(Map<String, String> config) {
        config.put("message.max.bytes", Integer.toString(MESSAGE_BYTES_MAX));
        config.put("replica.fetch.max.bytes", Integer.toString(MESSAGE_BYTES_MAX));
        config.put("socket.request.max.bytes", Integer.toString(REQUEST_BYTES_MAX));
        config.put("num.network.threads", Integer.toString(NETWORK_THREADS));
        config.put("num.io.threads", Integer.toString(IO_THREADS));
        config.put("log.cleaner.dedupe.buffer.size", Integer.toString(CLEANER_BUFFER_BYTES));
    }
}
