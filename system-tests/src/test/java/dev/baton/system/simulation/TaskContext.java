package dev.baton.system.simulation;

import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** What a processor sees of its task. What none of ours uses is not there. */
final class TaskContext implements ProcessorContext<String, Object> {
    private final StreamsTask task;

    TaskContext(StreamsTask task) {
        this.task = task;
    }

    @Override
    public TaskId taskId() {
        return new TaskId(0, task.partition());
    }

    /** The caller knows what it has stored under this name. */
    @SuppressWarnings("unchecked")
    @Override
    public <S extends StateStore> S getStateStore(String name) {
        return (S) task.store(name);
    }

    @Override
    public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
        task.schedule(interval, callback);
        return () -> {
            throw absent();
        };
    }

    @Override
    public long currentSystemTimeMs() {
        return task.process().clockMs();
    }

    @Override
    public <K extends String, V> void forward(Record<K, V> record, String childName) {
        task.forward(childName, record);
    }

    @Override
    public <K extends String, V> void forward(Record<K, V> record) {
        throw absent();
    }

    @Override
    public String applicationId() {
        throw absent();
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
        throw absent();
    }

    @Override
    public Serde<?> keySerde() {
        throw absent();
    }

    @Override
    public Serde<?> valueSerde() {
        throw absent();
    }

    @Override
    public File stateDir() {
        throw absent();
    }

    @Override
    public StreamsMetrics metrics() {
        throw absent();
    }

    @Override
    public Cancellable schedule(Instant startTime, Duration interval, PunctuationType type, Punctuator callback) {
        throw absent();
    }

    @Override
    public void commit() {
        throw absent();
    }

    @Override
    public Map<String, Object> appConfigs() {
        throw absent();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
        throw absent();
    }

    @Override
    public long currentStreamTimeMs() {
        throw absent();
    }

    private static UnsupportedOperationException absent() {
        return new UnsupportedOperationException("the simulation has no such thing: none of our processors used it");
    }
}
