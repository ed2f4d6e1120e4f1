package dev.baton.wire.worker;

/**
 * Answer to a registration.
 *
 * @param apiUrl base URL of the session API, without a trailing slash
 * @param leaseTtlMs without a heartbeat for this long the worker's runs count as crashed
 * @param heartbeatMs how often to send one
 */
public record RegisterAnswer(String apiUrl, long leaseTtlMs, long heartbeatMs) {}
