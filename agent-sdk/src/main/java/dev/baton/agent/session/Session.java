package dev.baton.agent.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.baton.wire.history.Snapshot;
import dev.baton.wire.session.RunReason;

/**
 * What a run can do with its session. {@link SessionClient} does it over HTTP; the offline kit does it in memory. All calls
 * may throw {@link dev.baton.agent.http.SupersededException}: another run owns the session by now.
 */
public interface Session {
    /** Cursor before the first record. */
    long FROM_START = -1;

    /** What the server says to an end-and-continue: who owns the session now, and whether this call made it so. */
    record HandOver(String runId, boolean swapped) {}

    /**
     * All that is needed to go on with a conversation, at one moment (PROTOCOL 2.23).
     *
     * @param snapshot empty when there is none, or none that can be read: the tails then go back further
     * @param out records behind the snapshot
     * @param in records behind the snapshot
     */
    record Recovery(Optional<Snapshot> snapshot, List<LogRecord> out, List<LogRecord> in) {}

    /** What follows {@code .in}. Closing it ends that at once. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Opens {@code .out} for writing.
     *
     * @param afterSeq what the run has read of {@code .out} so far, or {@link #FROM_START}
     */
    OutAppender openOut(long afterSeq);

    /** Follows {@code .in} from a cursor until it is closed; the sink is called by another thread. */
    Subscription followIn(long afterSeq, RecordSink sink);

    /** @param withMessages false for an agent that keeps the history itself: it gets what is not settled, and the cursors */
    Recovery recovery(boolean withMessages) throws InterruptedException;

    /** The agent keeps the history itself: from now on the server writes no snapshot. A repeat changes nothing. */
    void keepHistory() throws InterruptedException;

    /** Hands the session over to a successor; this run exits either way (contract §1.7). */
    HandOver endAndContinue(RunReason reason) throws InterruptedException;

    /** Ends the conversation for good; what has been said stays readable. */
    void close(String reason) throws InterruptedException;

    /** Whether any run of this session has called {@link #markChatStarted()}. */
    boolean chatStarted() throws InterruptedException;

    /** Notes for all later runs that the chat has started; a repeat changes nothing. */
    void markChatStarted() throws InterruptedException;

    /**
     * A token for clients of this session: they may read it and write to it.
     *
     * @param life how long it is good
     */
    String publicToken(Duration life) throws InterruptedException;
}
