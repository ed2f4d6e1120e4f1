package dev.baton.snapshot.domain;

/** Bytes of records that all sessions hold together. Owned by the thread that reads the topics. */
final class MemoryUse {
    private long bytes;

    void add(long change) {
        bytes += change;
    }

    long bytes() {
        return bytes;
    }
}
