package dev.baton.agent.task;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.agent.session.OutSender;
import dev.baton.agent.session.OutgoingRecord;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;

/**
 * The {@code .out} of one run (features #129). Records leave at once, and those that are written while others are under way leave
 * together; a writer that is 4 MiB ahead of the server waits. Any thread may write; records of one thread keep their order.
 */
public final class TaskOutput {
    private final OutSender sender;
    private volatile boolean over;

    TaskOutput(OutSender sender) {
        this.sender = sender;
    }

    /**
     * Writes a record.
     *
     * @throws IllegalArgumentException when it is larger than a record may be, 1 MiB; nothing is written then
     * @throws TaskOverException when the run has ended
     */
    public void append(JsonNode data) throws InterruptedException {
        mayWrite();
        sender.send(OutgoingRecord.ofChunk(data));
    }

    /** Writes all of them, as they come. */
    public void pipe(Iterable<? extends JsonNode> records) throws InterruptedException {
        for (JsonNode record : records) {
            append(record);
        }
    }

    /**
     * Writes what a publisher publishes, and returns when it is complete. It is asked for one record after the other, so it is never
     * ahead of the server by more than the buffer.
     *
     * @throws ExecutionException when the publisher fails; what came before is written
     */
    public void pipe(Flow.Publisher<? extends JsonNode> records) throws InterruptedException, ExecutionException {
        Pipe pipe = new Pipe();
        records.subscribe(pipe);
        try {
            pipe.end.get();
        } finally {
            pipe.cancel();
        }
    }

    /**
     * Calls code that writes and merges; returns when it has returned and all that it merged is written.
     *
     * @throws ExecutionException when something merged fails; what came before is written
     */
    public void writer(TaskWriter.Code code) throws Exception {
        TaskWriter writer = new TaskWriter(this);
        code.write(writer);
        writer.await();
    }

    /** Writes a control record, and returns when it is stored: its seq. */
    public long control(String subtype, ProtocolHeader... siblings) throws InterruptedException {
        mayWrite();
        sender.send(OutgoingRecord.ofControl(ChannelRecord.control(subtype, siblings)));
        return sender.flush();
    }

    /** Returns when everything so far is stored: seq of the last record of this run, −1 when it has written none. */
    public long flush() throws InterruptedException {
        return sender.flush();
    }

    void over() {
        over = true;
    }

    private void mayWrite() {
        if (over) {
            throw new TaskOverException("a write to .out");
        }
    }

    private final class Pipe implements Flow.Subscriber<JsonNode> {
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private volatile Flow.Subscription source;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            source = subscription;
            source.request(1);
        }

        @Override
        public void onNext(JsonNode record) {
            try {
                append(record);
                source.request(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail(e);
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        private void fail(Exception reason) {
            source.cancel();
            end.completeExceptionally(reason);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }

        private void cancel() {
            if (source != null && !end.isDone()) {
                source.cancel();
            }
        }
    }

    /** The sibling of a turn-complete that says how far a run has come. */
    static List<ProtocolHeader> settled(long inSeq) {
        return inSeq < 0
                ? List.of()
                : List.of(new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(inSeq)));
    }
}
