package dev.baton.agent.session;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.agent.http.BackOff;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.SilenceWatch;

/**
 * Follows {@code .in} over any number of connections (contract §5.7): each one resumes after the last record that was
 * handed on, so the sink sees every record once and in order. Pauses between connections as features #295 says; a
 * connection that the server ended because its time was over is replaced at once.
 *
 * <p>While nothing comes, it has no thread: what arrives is parsed and handed on by a virtual thread of the HTTP client, for one
 * connection never two at a time. A sink that waits holds up its own connection and no other one.
 */
public final class InSubscription implements Session.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(InSubscription.class);
    /** What the protocol's own runtime asks for, in seconds; also the most that a server accepts. */
    private static final int TIMEOUT_SECONDS = 600;

    private final HttpCalls calls;
    private final Supplier<HttpRequest.Builder> request;
    private final String runId;
    private final RecordSink sink;
    private final BackOff backOff;
    /** Read and written by the thread that hands on, or between two connections. */
    private long cursor;
    // All below: guarded by this object's monitor.
    private boolean closed;
    private Optional<CompletableFuture<?>> exchange = Optional.empty();
    private Optional<Thread> busy = Optional.empty();

    private InSubscription(HttpCalls calls, Supplier<HttpRequest.Builder> request, String runId, long afterSeq,
            RecordSink sink, BackOff backOff) {
        this.calls = calls;
        this.request = request;
        this.runId = runId;
        this.cursor = afterSeq;
        this.sink = sink;
        this.backOff = backOff;
    }

    static InSubscription start(HttpCalls calls, Supplier<HttpRequest.Builder> request, String runId, long afterSeq,
            RecordSink sink, BackOff backOff) {
        InSubscription subscription = new InSubscription(calls, request, runId, afterSeq, sink, backOff);
        subscription.connect();
        return subscription;
    }

    private void connect() {
        HttpRequest.Builder builder = request.get().header("Accept", "text/event-stream").header("Timeout-Seconds",
                Integer.toString(TIMEOUT_SECONDS));
        if (cursor != Session.FROM_START) {
            builder.header("Last-Event-ID", Long.toString(cursor));
        }
        CompletableFuture<HttpResponse<Boolean>> answer;
        synchronized (this) {
            if (closed) {
                return;
            }
            answer = calls.stream(builder.GET().build(), handler());
            exchange = Optional.of(answer);
        }
        answer.whenComplete(this::ended);
    }

    private BodyHandler<Boolean> handler() {
        return answer -> answer.statusCode() == 200
                ? new Connection()
                : HttpResponse.BodySubscribers.replacing(false);
    }

    private void ended(HttpResponse<Boolean> answer, Throwable failure) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        if (failure == null && answer.body()) {
            connect();
            return;
        }
        LOG.atInfo().addKeyValue("runId", runId)
                .addKeyValue("reason", failure == null ? "status " + answer.statusCode() : failure.getMessage())
                .log("subscription lost, coming back");
        // Not on the client's own thread: it must not sleep.
        Thread.ofVirtual().name("in-" + runId).start(this::comeBack);
    }

    private void comeBack() {
        try {
            busy(true);
            backOff.pause();
            busy(false);
            connect();
        } catch (InterruptedException _) {
            LOG.trace("closed before it came back");
        }
    }

    private synchronized void busy(boolean isBusy) throws InterruptedException {
        if (closed) {
            throw new InterruptedException("closed");
        }
        busy = isBusy ? Optional.of(Thread.currentThread()) : Optional.empty();
    }

    /** One connection. Its body is whether the server ended it in good order. */
    private final class Connection implements BodySubscriber<Boolean> {
        private final CompletableFuture<Boolean> end = new CompletableFuture<>();
        private final SseParser parser = new SseParser();
        private final SilenceWatch.Watched watched = calls.silence().over(this::fallSilent);
        private Flow.Subscription bytes;

        @Override
        public CompletionStage<Boolean> getBody() {
            return end;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            bytes = subscription;
            bytes.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            watched.heard();
            try {
                for (ByteBuffer buffer : buffers) {
                    for (SseFrame frame : parser.feed(buffer)) {
                        take(frame);
                    }
                }
                bytes.request(1);
            } catch (IOException e) {
                over(e);
            } catch (InterruptedException e) {
                over(new IOException("closed", e));
            } catch (RuntimeException e) {
                over(new IOException("what came could not be handed on", e));
            }
        }

        private void take(SseFrame frame) throws IOException, InterruptedException {
            switch (frame) {
                case SseFrame.Batch batch -> handOn(batch);
                case SseFrame.Ping _ -> LOG.trace("ping");
                case SseFrame.Broken broken -> throw new IOException("the server said: " + broken.reason());
                case SseFrame.Done _ -> end.complete(true);
            }
        }

        private void fallSilent() {
            over(new IOException("nothing came for a while, not even a ping"));
        }

        private void over(IOException reason) {
            bytes.cancel();
            onError(reason);
        }

        @Override
        public void onError(Throwable failure) {
            watched.close();
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            watched.close();
            end.complete(false);
        }
    }

    private void handOn(SseFrame.Batch batch) throws InterruptedException {
        busy(true);
        for (LogRecord record : batch.records()) {
            if (record.seq() > cursor) {
                sink.accept(record);
                cursor = record.seq();
                backOff.reset();
            }
        }
        busy(false);
    }

    /** Ends the subscription at once, also while the sink waits. */
    @Override
    public synchronized void close() {
        closed = true;
        exchange.ifPresent(answer -> answer.cancel(true));
        busy.ifPresent(Thread::interrupt);
    }
}
