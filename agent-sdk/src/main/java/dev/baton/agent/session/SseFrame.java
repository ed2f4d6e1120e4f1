package dev.baton.agent.session;

import java.util.List;

/** One frame of a subscription (contract §2.2). */
public sealed interface SseFrame {
    /** Records in the order of their seq. */
    record Batch(List<LogRecord> records) implements SseFrame {}

    /** The connection is alive. */
    record Ping() implements SseFrame {}

    /** The server cannot go on; the reader comes back with its cursor. */
    record Broken(String reason) implements SseFrame {}

    /** The server ends the connection because its time is over. */
    record Done() implements SseFrame {}
}
