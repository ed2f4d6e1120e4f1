package dev.baton.agent.testing;

import java.time.Duration;
import java.util.List;

import dev.baton.agent.http.SupersededException;
import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.OutAppender;
import dev.baton.agent.session.OutgoingRecord;
import dev.baton.agent.session.RecordSink;
import dev.baton.agent.session.Session;
import dev.baton.wire.session.RunReason;

/** The session as one run of an {@link OfflineChat} sees it. A run that was superseded is refused, as a server would. */
final class OfflineSession implements Session {
    private final OfflineChat chat;
    private final OfflineChannels channels;
    private final long generation;
    private volatile Feed feed;

    OfflineSession(OfflineChat chat, OfflineChannels channels, long generation) {
        this.chat = chat;
        this.channels = channels;
        this.generation = generation;
    }

    @Override
    public OutAppender openOut(long afterSeq) {
        return batch -> {
            mayWrite();
            for (OutgoingRecord record : batch) {
                channels.appendOut(record, generation);
            }
            chat.changed();
            return channels.outSize() - 1L;
        };
    }

    @Override
    public Subscription followIn(long afterSeq, RecordSink sink) {
        feed = new Feed(afterSeq, sink);
        try {
            feed.deliver();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return feed;
    }

    /** Hands on what is new; the run has it when this returns. Before the run follows {@code .in} it does nothing. */
    void deliver() throws InterruptedException {
        Feed current = feed;
        if (current != null) {
            current.deliver();
        }
    }

    /** Whether the run has seen all of {@code .in}. */
    boolean delivered() {
        Feed current = feed;
        return current != null && current.cursor == channels.lastInSeq();
    }

    @Override
    public Recovery recovery(boolean withMessages) {
        mayWrite();
        return channels.recovery();
    }

    /** There are no snapshots here. */
    @Override
    public void keepHistory() {
        mayWrite();
    }

    @Override
    public HandOver endAndContinue(RunReason reason) {
        mayWrite();
        return new HandOver(chat.supersede(reason), true);
    }

    @Override
    public void close(String reason) {
        mayWrite();
        chat.closed(reason);
    }

    @Override
    public boolean chatStarted() {
        return channels.chatStarted();
    }

    @Override
    public void markChatStarted() {
        mayWrite();
        channels.markChatStarted();
    }

    @Override
    public String publicToken(Duration life) {
        mayWrite();
        return "offline-token-" + generation;
    }

    private void mayWrite() {
        if (!chat.owns(generation)) {
            throw new SupersededException("expected the run of generation " + generation
                    + " to own the session, but another one does");
        }
    }

    /** One after the other, so that the run sees every record once and in order, whoever calls. */
    private final class Feed implements Subscription {
        private final RecordSink sink;
        private volatile long cursor;
        private volatile boolean closed;

        private Feed(long cursor, RecordSink sink) {
            this.cursor = cursor;
            this.sink = sink;
        }

        private synchronized void deliver() throws InterruptedException {
            List<LogRecord> records = channels.inAfter(cursor);
            for (LogRecord record : records) {
                if (!closed) {
                    sink.accept(record);
                    cursor = record.seq();
                }
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
