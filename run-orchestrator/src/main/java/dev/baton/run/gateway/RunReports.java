package dev.baton.run.gateway;

import java.util.concurrent.CompletableFuture;

import dev.baton.run.domain.RunReport;

/** Where a gateway reports. */
@FunctionalInterface
public interface RunReports {
    /** Completes when all replicas have the report, exceptionally when that cannot be known. */
    CompletableFuture<Void> send(String queueKey, RunReport report);
}
