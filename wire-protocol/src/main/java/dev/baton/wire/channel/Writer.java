package dev.baton.wire.channel;

/**
 * Who wrote a record.
 *
 * @param generation of the run, 0 when the writer named no run (a plain secret key)
 * @param runId the run, null when the writer named none
 */
public record Writer(long generation, String runId) {
    public static final Writer UNNAMED = new Writer(0, null);
}
