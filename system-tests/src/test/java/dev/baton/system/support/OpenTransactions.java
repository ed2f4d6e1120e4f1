package dev.baton.system.support;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

import dev.baton.wire.service.EndpointsFile;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;

/** Partitions in which a transaction has begun and not ended: who reads committed records stands still there. */
public final class OpenTransactions {
    private OpenTransactions() {}

    /** Those of the broker of a standalone, one line for each. */
    public static Set<String> of(Broker broker, Path data) {
        Settings settings = Settings.of(broker.environment());
        if (!settings.isSet(Setting.KAFKA_BOOTSTRAP)) {
            settings = EndpointsFile.read(data, settings);
        }
        try (Admin admin = Admin.create(KafkaConfigs.admin(settings))) {
            Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
            Set<String> open = new TreeSet<>();
            admin.describeProducers(partitions(admin.describeTopics(topics).allTopicNames().get())).all().get()
                    .forEach((partition, producers) -> producers.activeProducers().stream()
                            .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                            .forEach(producer -> open.add(partition + " " + producer)));
            return open;
        } catch (ExecutionException e) {
            throw new AssertionError("expected the broker to tell its producers", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while asking for producers", e);
        }
    }

    private static List<TopicPartition> partitions(Map<String, TopicDescription> topics) {
        return topics.values().stream().flatMap(topic -> topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition()))).toList();
    }
}
