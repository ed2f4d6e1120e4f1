package dev.baton.wire.run;

/**
 * What happened to one run so far: the value of topic {@code baton.run-steps}. Each row replaces the one before.
 *
 * @param v format version of this row, {@value #FORMAT}
 * @param sessionId friendly id
 */
public record RunStepsRow(int v, String environmentId, String sessionId, String chatId, String runId, RunSteps steps) {
    public static final int FORMAT = 1;
}
