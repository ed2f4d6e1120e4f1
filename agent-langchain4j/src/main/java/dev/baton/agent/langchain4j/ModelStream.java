package dev.baton.agent.langchain4j;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

import dev.baton.agent.chat.StopSignal;
import dev.baton.agent.chat.TurnStoppedException;

/**
 * One question to a model. Threads of the model write what it says, the thread of the run reads it, so only the latter ever
 * touches the answer. A model that is too far ahead of it waits, and with it the connection it reads from.
 */
final class ModelStream implements AutoCloseable {
    /** How many pieces the model may be ahead. */
    static final int AHEAD_MAX = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StopSignal stop;
    private final Thread thread;
    // All below: guarded by the lock.
    private final Deque<ModelEvent> events = new ArrayDeque<>();
    private StreamingHandle handle;
    private boolean ended;
    private boolean closed;

    private ModelStream(StreamingChatModel model, ChatRequest request, StopSignal stop) {
        this.stop = stop;
        // Some models call back on the thread that asks. It must be another one than that which reads.
        this.thread = Thread.ofVirtual().name("model").unstarted(() -> ask(model, request));
    }

    static ModelStream open(StreamingChatModel model, ChatRequest request, StopSignal stop) {
        ModelStream stream = new ModelStream(model, request, stop);
        stop.onRaise(stream::wake);
        stream.thread.start();
        return stream;
    }

    /**
     * What the model says next. Not to be called after {@link ModelEvent#isLast the last} event.
     *
     * @throws TurnStoppedException as soon as the user stops the turn
     * @throws TimeoutException when the model says nothing for so long
     */
    ModelEvent next(Duration silenceMax) throws InterruptedException {
        long nanosLeft = silenceMax.toNanos();
        lock.lockInterruptibly();
        try {
            while (events.isEmpty() && !stop.isRaised()) {
                if (nanosLeft <= 0) {
                    throw new TimeoutException("expected the model to say something within " + silenceMax.toMillis()
                            + " ms, but it was silent: ask again, or allow it more with silenceMax");
                }
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
            if (stop.isRaised()) {
                throw new TurnStoppedException();
            }
            ModelEvent event = events.poll();
            ended = event.isLast();
            changed.signalAll();
            return event;
        } finally {
            lock.unlock();
        }
    }

    /** Cancels the model unless it has ended by itself. What it says from here on is dropped. */
    @Override
    public void close() {
        boolean unfinished;
        StreamingHandle newestHandle;
        lock.lock();
        try {
            closed = true;
            unfinished = !ended;
            newestHandle = handle;
            events.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        // One that has ended may still have something to do for itself, such as telling its listeners.
        if (unfinished) {
            cancel(newestHandle);
            thread.interrupt();
        }
    }

    private void ask(StreamingChatModel model, ChatRequest request) {
        try {
            model.chat(request, new Listener());
        } catch (RuntimeException | Error e) {
            offer(new ModelEvent.Failed(e));
        }
    }

    private void offer(ModelEvent event) {
        lock.lock();
        try {
            // Not interruptibly: the close of this stream makes room, and an answer that goes on must not get a hole.
            while (events.size() >= AHEAD_MAX) {
                changed.awaitUninterruptibly();
            }
            if (!closed) {
                events.add(event);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A model can be cancelled from its first word on, so a stop that comes before takes effect there. */
    private void cancellableBy(StreamingHandle newHandle) {
        boolean late;
        lock.lock();
        try {
            handle = newHandle;
            late = closed;
        } finally {
            lock.unlock();
        }
        if (late) {
            cancel(newHandle);
        }
    }

    private static void cancel(StreamingHandle handle) {
        if (handle != null) {
            try {
                handle.cancel();
            } catch (RuntimeException _) {
                // Some clients cannot: such a model goes on talking, and nobody listens.
            }
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Called by threads of the model. */
    private final class Listener implements StreamingChatResponseHandler {
        @Override
        public void onPartialResponse(String delta) {
            offer(new ModelEvent.Text(delta));
        }

        @Override
        public void onPartialResponse(PartialResponse response, PartialResponseContext context) {
            cancellableBy(context.streamingHandle());
            onPartialResponse(response.text());
        }

        @Override
        public void onPartialThinking(PartialThinking thinking) {
            offer(new ModelEvent.Reasoning(thinking.text()));
        }

        @Override
        public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
            cancellableBy(context.streamingHandle());
            onPartialThinking(thinking);
        }

        @Override
        public void onPartialToolCall(PartialToolCall call) {
            offer(new ModelEvent.ToolInput(call));
        }

        @Override
        public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
            cancellableBy(context.streamingHandle());
            onPartialToolCall(call);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            offer(new ModelEvent.Complete(response));
        }

        @Override
        public void onError(Throwable error) {
            offer(new ModelEvent.Failed(error));
        }
    }
}
