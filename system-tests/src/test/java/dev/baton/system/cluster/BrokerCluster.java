package dev.baton.system.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

import dev.baton.system.support.Broker;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.service.Setting;

/** Three brokers in processes of their own; every topic of Baton has three replicas, two of which must have a record. */
public final class BrokerCluster implements Broker {
    private static final int NODES = 3;

    private final List<BrokerNode> nodes;
    private final String bootstrap;

    /**
     * Where the nodes find each other.
     *
     * @param brokers by node id, from 1
     */
    record Ports(List<Integer> brokers, List<Integer> controllers, String clusterId) {}

    private BrokerCluster(List<BrokerNode> nodes, String bootstrap) {
        this.nodes = nodes;
        this.bootstrap = bootstrap;
    }

    /** Returns when all nodes are ready. */
    public static BrokerCluster start() {
        List<Integer> free = StandaloneProcess.freePorts(2 * NODES);
        Ports ports = new Ports(free.subList(0, NODES), free.subList(NODES, 2 * NODES), Uuid.randomUuid().toString());
        Path folder = StandaloneProcess.newFolder();
        List<BrokerNode> nodes = IntStream.rangeClosed(1, NODES).mapToObj(id -> new BrokerNode(id, ports, folder))
                .toList();
        BrokerCluster cluster = new BrokerCluster(nodes,
                ports.brokers().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
        try {
            nodes.forEach(BrokerNode::launch);
            nodes.forEach(BrokerNode::awaitReady);
            return cluster;
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(Setting.KAFKA_BOOTSTRAP.key(), bootstrap, Setting.REPLICATION_FACTOR.key(),
                Integer.toString(NODES));
    }

    List<BrokerNode> nodes() {
        return nodes;
    }

    /** Whether every partition has all its replicas in sync. Only then may another broker be lost. */
    boolean whole() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            List<String> topics = new ArrayList<>(answer(admin.listTopics().names()));
            return answer(admin.describeTopics(topics).allTopicNames()).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while asking for replicas", e);
        }
    }

    /** A setting of all topics whose names begin so. */
    Map<String, String> topicSetting(String prefix, String setting) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            List<ConfigResource> topics = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
            Map<String, String> values = new TreeMap<>();
            admin.describeConfigs(topics).all().get()
                    .forEach((topic, config) -> values.put(topic.name(), config.get(setting).value()));
            return values;
        }
    }

    private static <T> T answer(org.apache.kafka.common.KafkaFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(Patience.SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        nodes.forEach(BrokerNode::close);
    }
}
