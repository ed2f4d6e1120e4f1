package dev.baton.agent.session;

/** Takes the records of a subscription in the order of their seq, each one once. */
@FunctionalInterface
public interface RecordSink {
    /** May wait; the server keeps what is not read. */
    void accept(LogRecord record) throws InterruptedException;
}
