package dev.baton.agent.session;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.agent.http.BackOff;
import dev.baton.agent.http.CallRefusedException;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.SupersededException;

/**
 * Follows {@code .in} over any number of connections (contract §5.7): each one resumes after the last record that was
 * handed on, so the sink sees every record once and in order. Pauses between connections as features #295 says; a
 * connection that the server ended because its time was over is replaced at once.
 *
 * <p>One virtual thread reads and calls the sink; a {@link SilenceWatch} ends connections that are dead.
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
    private final Thread thread;
    /** Read and written by the reading thread only. */
    private long cursor;
    private volatile boolean closed;

    private InSubscription(HttpCalls calls, Supplier<HttpRequest.Builder> request, String runId, long afterSeq,
            RecordSink sink, BackOff backOff) {
        this.calls = calls;
        this.request = request;
        this.runId = runId;
        this.cursor = afterSeq;
        this.sink = sink;
        this.backOff = backOff;
        this.thread = Thread.ofVirtual().name("in-" + runId).unstarted(this::follow);
    }

    static InSubscription start(HttpCalls calls, Supplier<HttpRequest.Builder> request, String runId, long afterSeq,
            RecordSink sink, BackOff backOff) {
        InSubscription subscription = new InSubscription(calls, request, runId, afterSeq, sink, backOff);
        subscription.thread.start();
        return subscription;
    }

    private void follow() {
        try {
            while (!closed) {
                boolean timeWasOver = connection();
                if (!timeWasOver && !closed) {
                    backOff.pause();
                }
            }
        } catch (InterruptedException _) {
            LOG.trace("interrupted by close");
        }
        LOG.atDebug().addKeyValue("runId", runId).log("subscription closed");
    }

    /** One connection; whether the server ended it in good order. */
    private boolean connection() throws InterruptedException {
        try (SseReader reader = new SseReader(open());
                SilenceWatch watch = SilenceWatch.over(reader, "in-watch-" + runId)) {
            return read(reader, watch);
        } catch (IOException | CallRefusedException | SupersededException e) {
            if (closed) {
                // A read that is interrupted fails like a broken connection.
                return false;
            }
            LOG.atInfo().addKeyValue("runId", runId).addKeyValue("reason", e.getMessage())
                    .log("subscription lost, coming back");
            return false;
        }
    }

    private InputStream open() throws IOException, InterruptedException {
        HttpRequest.Builder builder = request.get().header("Accept", "text/event-stream").header("Timeout-Seconds",
                Integer.toString(TIMEOUT_SECONDS));
        if (cursor != Session.FROM_START) {
            builder.header("Last-Event-ID", Long.toString(cursor));
        }
        HttpResponse<InputStream> answer = calls.open(builder.GET().build());
        if (answer.statusCode() != 200) {
            answer.body().close();
        }
        return HttpCalls.accepted(answer).body();
    }

    private boolean read(SseReader reader, SilenceWatch watch) throws IOException, InterruptedException {
        Optional<SseFrame> frame;
        while ((frame = reader.next()).isPresent()) {
            watch.heard();
            switch (frame.get()) {
                case SseFrame.Batch batch -> handOn(batch);
                case SseFrame.Ping _ -> LOG.trace("ping");
                case SseFrame.Broken broken -> throw new IOException("the server said: " + broken.reason());
                case SseFrame.Done _ -> {
                    return true;
                }
            }
        }
        return false;
    }

    private void handOn(SseFrame.Batch batch) throws InterruptedException {
        for (LogRecord record : batch.records()) {
            if (record.seq() > cursor) {
                sink.accept(record);
                cursor = record.seq();
                backOff.reset();
            }
        }
    }

    /** Ends the subscription at once. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
