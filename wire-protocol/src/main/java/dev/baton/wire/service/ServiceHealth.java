package dev.baton.wire.service;

/** What a running service says of itself. Implementations answer at once, from memory. */
public interface ServiceHealth {
    /** Short name, as in the launcher: {@code processor}. */
    String name();

    /** Whether it can do its work now. */
    boolean ready();

    /** Whether it can still recover by itself; false means: restart the process. */
    boolean live();
}
