package dev.baton.system.support;

import java.util.List;
import java.util.Map;

/** {@code ./baton audit} in a process of its own. */
public final class Audit {
    private static final String MAIN_CLASS = "dev.baton.audit.AuditMain";

    private Audit() {}

    /**
     * Audits everything that has happened so far.
     *
     * @throws AssertionError with what was found
     */
    public static void assertFindsNothing(List<String> arguments, Map<String, String> environment) {
        try (ChildJvm audit = ChildJvm.start(MAIN_CLASS, arguments, environment,
                StandaloneProcess.newFolder().resolve("audit.log"))) {
            int status = audit.awaitExit(Patience.TAKEOVER);
            List<String> found = audit.standardOutput().stream().filter(line -> line.contains("\"type\":\"finding\""))
                    .toList();
            if (status != 0 || audit.standardOutput().isEmpty()) {
                throw new AssertionError("expected an audit without findings, but its status was " + status + ": "
                        + found + audit.standardError());
            }
        }
    }
}
