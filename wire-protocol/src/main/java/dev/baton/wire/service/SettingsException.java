package dev.baton.wire.service;

/** The process cannot start as configured; the message is one line for the operator. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
