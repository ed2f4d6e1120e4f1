package dev.baton.audit;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.baton.audit.domain.AuditWindow;
import dev.baton.audit.replay.Until;
import dev.baton.audit.report.AuditLines;
import dev.baton.audit.store.SnapshotStore;
import dev.baton.audit.topic.TopicReader;
import dev.baton.wire.service.Settings;

/** Streams provenance and turns of all sessions, and verifies that topics and snapshots fit together. */
@Command(name = "baton audit", mixinStandardHelpOptions = true, version = "Baton 0.1.0", description = "Prints runs, turns and sessions as NDJSON, and a line of type 'finding' for everything that does not fit together. Reads the Kafka topics and the object store, and changes nothing.", footer = "Exit status: 0 without findings; 3 with findings; 1 when it cannot run; 2 for wrong usage.")
public final class AuditMain implements Callable<Integer> {
    /** The rest of the heap is for one session's fold, and for what Kafka has fetched. */
    private static final int HEAP_SHARE_OF_RECORDS = 4;
    private static final int PATIENCE_SECONDS_MAX = 3_600;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TopicsOption topics;

    @Option(names = "--from", paramLabel = "TIME", description = "Only sessions of which something happened then or later: an ISO date-time or epoch milliseconds.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only sessions of which something happened before: an ISO date-time or epoch milliseconds.")
    private String to;

    @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "30", description = "How long a snapshot may be missing or behind before it is a finding: it may be on its way. Default: 30.")
    private int patienceSeconds;

    public static void main(String[] arguments) {
        System.exit(CommandExit.statusOf("audit", new AuditMain(), arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        AuditWindow window = window();
        Duration patience = patience();
        Settings settings = topics.settings(System.getenv());
        ProgressLines progress = new ProgressLines(System.err);
        try (PrintStream output = CommandExit.output();
                TopicReader reader = TopicReader.open(settings, progress);
                SnapshotStore snapshots = SnapshotStore.open(settings)) {
            AuditLines lines = new AuditLines(window, line -> output.print(line + "\n"));
            progress.count(lines);
            new Auditor(reader, snapshots, window, lines, Runtime.getRuntime().maxMemory() / HEAP_SHARE_OF_RECORDS,
                    patience).run();
            return lines.findings() == 0 ? 0 : CommandExit.FINDINGS;
        }
    }

    private Duration patience() {
        if (patienceSeconds < 0 || patienceSeconds > PATIENCE_SECONDS_MAX) {
            throw new ParameterException(spec.commandLine(),
                    "expected --patience from 0 to " + PATIENCE_SECONDS_MAX + " seconds, but was " + patienceSeconds);
        }
        return Duration.ofSeconds(patienceSeconds);
    }

    private AuditWindow window() {
        long fromMs = time("--from", from, AuditWindow.ALWAYS.fromMs());
        long toMs = time("--to", to, AuditWindow.ALWAYS.toMs());
        if (fromMs >= toMs) {
            throw new ParameterException(spec.commandLine(),
                    "expected --from before --to, but was " + from + " and " + to);
        }
        return new AuditWindow(fromMs, toMs);
    }

    private long time(String option, String text, long absent) {
        try {
            return text == null ? absent : Until.parseTime(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }
}
