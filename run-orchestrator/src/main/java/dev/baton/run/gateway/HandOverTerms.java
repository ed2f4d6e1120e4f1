package dev.baton.run.gateway;

import java.time.Duration;

/**
 * What every worker is told with a run.
 *
 * @param apiUrl base URL of the session API, without a trailing slash
 * @param leaseTtl without a heartbeat for this long its runs count as crashed
 */
public record HandOverTerms(String apiUrl, Duration leaseTtl) {}
