package dev.baton.audit;

import java.io.PrintStream;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.baton.audit.domain.SessionEvidence;
import dev.baton.audit.replay.ReplayFormat;
import dev.baton.audit.replay.Replaying;
import dev.baton.audit.replay.Until;
import dev.baton.audit.topic.Progress;
import dev.baton.audit.topic.SessionSource;
import dev.baton.audit.topic.TopicReader;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.token.Environments;

/** Prints one conversation and who owned it, rebuilt from the topics alone. */
@Command(name = "baton replay", mixinStandardHelpOptions = true, version = "Baton 0.1.0", description = "Prints one conversation and who owned it, rebuilt from the Kafka topics alone.", footer = "Exit status: 0; 1 when it cannot run or there is no such session; 2 for wrong usage.")
public final class ReplayMain implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TopicsOption topics;

    @Option(names = "--session", paramLabel = "S", required = true, description = "A friendly id (session_…) or a chat id.")
    private String session;

    @Option(names = "--environment", paramLabel = "ID", description = "Environment of the chat id. Default: the first one of the settings.")
    private String environment;

    @Option(names = "--until", paramLabel = "SEQ|TIME", description = "The last .out seq that counts, or a time: an ISO date-time or epoch milliseconds. Numbers from 1000000000000 on are times. Default: everything.")
    private String until;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", description = "text, json (one document) or ndjson (one line for each fact). Default: text.")
    private String format;

    public static void main(String[] arguments) {
        System.exit(CommandExit.statusOf("replay", new ReplayMain(), arguments));
    }

    @Override
    public Integer call() {
        Until point = until();
        ReplayFormat chosen = format();
        Settings settings = topics.settings(System.getenv());
        String environmentId = environment == null ? Environments.of(settings).first().id() : environment;
        SessionEvidence evidence = evidence(settings, environmentId);
        try (PrintStream output = CommandExit.output()) {
            chosen.print(Replaying.of(evidence, point), line -> output.print(line + "\n"));
        }
        return 0;
    }

    private SessionEvidence evidence(Settings settings, String environmentId) {
        try (TopicReader reader = TopicReader.open(settings, Progress.NONE)) {
            return new SessionSource(reader).read(session, environmentId).orElseThrow(() -> new SettingsException(
                    "expected a session '" + session + "' in environment " + environmentId
                            + ", but no row of baton.sessions tells of one. Look at its id, or name its --environment"));
        }
    }

    private Until until() {
        try {
            return until == null ? new Until.End() : Until.parse(until);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--until: " + e.getMessage() + ", nor a seq of .out");
        }
    }

    private ReplayFormat format() {
        return ReplayFormat.ofLabel(format).orElseThrow(() -> new ParameterException(spec.commandLine(),
                "expected --format text, json or ndjson, but was '" + format + "'"));
    }
}
