package dev.baton.run;

import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.run.metrics.RunMetrics;

/** A record that is not one of ours must not stop the queue: counted, logged by place and never by content, skipped. */
public final class SkippedRecords implements DeserializationExceptionHandler {
    /** Configuration key under which Streams hands over our {@link RunMetrics}. */
    static final String METRICS = "baton.run.metrics";
    private static final Logger LOG = LoggerFactory.getLogger(SkippedRecords.class);

    private RunMetrics metrics;

    @Override
    public void configure(Map<String, ?> config) {
        metrics = (RunMetrics) config.get(METRICS);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record,
            Exception exception) {
        metrics.skipped();
        LOG.atError().addKeyValue("topic", record.topic()).addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .log("record skipped: expected one of our records, but it cannot be read");
        return Response.resume();
    }
}
