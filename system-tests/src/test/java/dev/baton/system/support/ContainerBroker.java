package dev.baton.system.support;

import java.util.Map;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

import dev.baton.wire.service.Setting;

/** The official Kafka image in a container: it lives on when the standalone is killed. */
public final class ContainerBroker implements Broker {
    private final KafkaContainer container;

    private ContainerBroker(KafkaContainer container) {
        this.container = container;
    }

    /** Whether there is an engine to run containers on. */
    public static boolean possible() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    public static ContainerBroker start() {
        String image = System.getProperty("baton.kafka.image", "apache/kafka:4.3.1");
        KafkaContainer container = new KafkaContainer(DockerImageName.parse(image));
        container.start();
        return new ContainerBroker(container);
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(Setting.KAFKA_BOOTSTRAP.key(), container.getBootstrapServers());
    }

    @Override
    public void close() {
        container.stop();
    }
}
