package dev.baton.ingress.log;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** design D6: where a scan begins, no record may lie before it. */
class LogOffsetsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long NONE = -1;

    @Test
    void aRecordThatArrivesDuringTheQuestionIsNotSkipped() {
        // Given: a broker with 7 old records, which gets another one after each answer
        AtomicLong end = new AtomicLong(7);
        LogOffsets offsets = new LogOffsets(admin(spec -> spec instanceof OffsetSpec.TimestampSpec
                ? NONE
                : end.getAndIncrement()));

        // When
        long from = offsets.atTime(PARTITION, 1_000);

        // Then
        assertEquals(7, from);
    }

    @Test
    void theOffsetThatBelongsToTheTimeIsTheAnswer() {
        // Given
        LogOffsets offsets = new LogOffsets(admin(spec -> spec instanceof OffsetSpec.TimestampSpec ? 3 : 7));

        // When, Then
        assertEquals(3, offsets.atTime(PARTITION, 1_000));
        assertEquals(7, offsets.end(PARTITION));
    }

    private interface Broker {
        long offset(OffsetSpec spec);
    }

    private static Admin admin(Broker broker) {
        return (Admin) Proxy.newProxyInstance(LogOffsetsTest.class.getClassLoader(), new Class<?>[]{Admin.class},
                (_, method, arguments) -> {
                    assertEquals("listOffsets", method.getName());
                    OffsetSpec spec = (OffsetSpec) ((Map<?, ?>) arguments[0]).get(PARTITION);
                    ListOffsetsResultInfo info = new ListOffsetsResultInfo(broker.offset(spec), 0, Optional.empty());
                    return new ListOffsetsResult(Map.of(PARTITION, KafkaFuture.completedFuture(info)));
                });
    }
}
