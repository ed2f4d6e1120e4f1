package dev.baton.wire.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that are missing and refuses a cluster whose topics have another partition count. */
public final class TopicProvisioner {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

    private TopicProvisioner() {}

    /**
     * Every service calls this before it starts; calls may race.
     *
     * @throws SettingsException with one line for the operator when the broker cannot be reached in 30 s or the
     *     partition counts differ
     */
    public static void provision(Settings settings) {
        String bootstrap = settings.required(Setting.KAFKA_BOOTSTRAP);
        try (Admin admin = Admin.create(KafkaConfigs.admin(settings))) {
            List<NewTopic> wanted = TopicCatalog.topics(settings);
            create(admin, missing(admin, wanted));
            checkPartitions(admin, wanted);
        } catch (TimeoutException e) {
            throw unreachable(bootstrap, "no answer in " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException | KafkaException e) {
            // Kafka's own wrapper says less than what it wraps: an address that does not parse, a refused login.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw unreachable(bootstrap, cause.getClass().getSimpleName() + ": " + cause.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SettingsException("interrupted while creating topics");
        }
    }

    private static SettingsException unreachable(String bootstrap, String reason) {
        return new SettingsException(
                "expected a Kafka broker at " + bootstrap + " (BATON_KAFKA_BOOTSTRAP), but: " + reason);
    }

    private static List<NewTopic> missing(Admin admin, List<NewTopic> wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> present = admin.listTopics().names().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return wanted.stream().filter(topic -> !present.contains(topic.name())).toList();
    }

    private static void create(Admin admin, List<NewTopic> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        for (var created : admin.createTopics(topics).values().values()) {
            try {
                created.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                // Another service created it in the same moment: that is what we wanted.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static void checkPartitions(Admin admin, List<NewTopic> wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> names = wanted.stream().map(NewTopic::name).toList();
        Map<String, TopicDescription> described = onceKnown(() -> admin.describeTopics(names).allTopicNames());
        List<String> wrong = new ArrayList<>();
        for (NewTopic topic : wanted) {
            int actual = described.get(topic.name()).partitions().size();
            if (actual != topic.numPartitions()) {
                wrong.add(topic.name() + " has " + actual);
            }
        }
        if (!wrong.isEmpty()) {
            throw new SettingsException("expected " + Setting.PARTITIONS.key() + "=" + wanted.getFirst().numPartitions()
                    + " partitions, but " + String.join(", ", wrong)
                    + ": the partition count never changes after creation, set it back");
        }
    }

    /**
     * The broker that answers may be behind the one that created the topics: then it does not know them yet, and is asked
     * again.
     */
    static <T> T onceKnown(Supplier<KafkaFuture<T>> question)
            throws ExecutionException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return question.get().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(ASK_AGAIN);
            }
        }
    }
}
