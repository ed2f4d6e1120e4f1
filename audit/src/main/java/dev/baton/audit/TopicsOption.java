package dev.baton.audit;

import java.nio.file.Path;
import java.util.Map;

import picocli.CommandLine.Option;

import dev.baton.wire.service.EndpointsFile;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;

/** Whose topics are read: those of a standalone on this machine, or of the brokers in the settings. */
final class TopicsOption {
    private static final Path USUAL_FOLDER = Path.of(".baton");

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder of a running standalone. Default: ./.baton, unless BATON_KAFKA_BOOTSTRAP is set.")
    private Path data;

    /** @throws dev.baton.wire.service.SettingsException with one line for the operator when there is nothing to read from */
    Settings settings(Map<String, String> environment) {
        Settings settings = Settings.of(environment);
        if (data == null && settings.isSet(Setting.KAFKA_BOOTSTRAP)) {
            return settings;
        }
        return EndpointsFile.read(data == null ? USUAL_FOLDER : data, settings);
    }
}
