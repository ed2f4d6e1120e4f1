package dev.baton.session;

import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.session.metrics.ProcessorMetrics;

/**
 * Steps over records that are not ours: one such record must not stop the sessions of its partition. Kafka Streams makes
 * it by name, so its meters come through the configuration.
 */
public final class SkipUnreadable implements DeserializationExceptionHandler {
    static final String METRICS_CONFIG = "baton.processor.metrics";
    private static final Logger LOG = LoggerFactory.getLogger(SkipUnreadable.class);

    private ProcessorMetrics metrics;

    @Override
    public void configure(Map<String, ?> configs) {
        metrics = (ProcessorMetrics) configs.get(METRICS_CONFIG);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record,
            Exception exception) {
        metrics.skipped(record.topic());
        LOG.atWarn().addKeyValue("topic", record.topic()).addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset()).addKeyValue("failure", exception.getClass().getSimpleName())
                .log("skipped a record that cannot be read");
        return Response.resume();
    }
}
