package dev.baton.system.simulation;

import java.util.List;

import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** What Kafka Streams would know of one of our topologies. */
interface TopologyParts {
    String name();

    /** Topics, read by the task of the same partition number. */
    List<String> sources();

    /** The store of this name, restored. */
    StateStore store(String name, Changelogs changelogs);

    /** The processor of one task, made anew each time the task begins. */
    TaskProcessor begin(ProcessorContext<String, Object> context);

    /** Where what is forwarded to this sink goes. */
    Destination destination(String sink, Record<?, ?> record);

    /** The adapter between a task's inputs and the rules: the product's own class. */
    @FunctionalInterface
    interface TaskProcessor {
        void process(String topic, LogEntry input);
    }

    /** @param partition null when the record is for nobody */
    record Destination(String topic, Integer partition) {
        static Destination ofKey(String topic, String key) {
            return new Destination(topic, Broker.numberOf(key));
        }
    }
}
