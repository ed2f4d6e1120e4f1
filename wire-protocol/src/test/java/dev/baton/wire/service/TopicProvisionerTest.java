package dev.baton.wire.service;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

class TopicProvisionerTest {
    @Test
    void aBrokerThatDoesNotKnowANewTopicYetIsAskedAgain() throws Exception {
        // Given a topic that was created a moment ago, and a broker that hears of it only now
        Queue<KafkaFuture<String>> answers = new ArrayDeque<>(List.of(failed(new UnknownTopicOrPartitionException()),
                failed(new UnknownTopicOrPartitionException()), KafkaFuture.completedFuture("12 partitions")));

        // When, Then
        assertEquals("12 partitions", TopicProvisioner.onceKnown(answers::remove));
    }

    @Test
    void aBrokerThatRefusesIsNotAskedAgain() {
        // Given
        Queue<KafkaFuture<String>> answers = new ArrayDeque<>(List.of(failed(new ClusterAuthorizationException("no"))));

        // When
        ExecutionException refused = assertThrows(ExecutionException.class,
                () -> TopicProvisioner.onceKnown(answers::remove));

        // Then
        assertInstanceOf(ClusterAuthorizationException.class, refused.getCause());
    }

    private static KafkaFuture<String> failed(RuntimeException error) {
        KafkaFutureImpl<String> future = new KafkaFutureImpl<>();
        future.completeExceptionally(error);
        return future;
    }
}
