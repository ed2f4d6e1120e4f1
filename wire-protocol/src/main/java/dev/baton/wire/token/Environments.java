package dev.baton.wire.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;

/** The environments this installation serves. Immutable. */
public final class Environments {
    private final List<Environment> all;

    /** @param all at least one */
    public Environments(List<Environment> all) {
        this.all = List.copyOf(all);
    }

    /**
     * Those of the environments file, or the one that the settings describe where no file is named.
     *
     * @throws dev.baton.wire.service.SettingsException with one line for the operator when the file is broken
     */
    public static Environments of(Settings settings) {
        if (settings.isSet(Setting.ENVIRONMENTS_FILE)) {
            return new Environments(EnvironmentsFile.read(settings.path(Setting.ENVIRONMENTS_FILE)));
        }
        return new Environments(List.of(new Environment(settings.text(Setting.ENVIRONMENT_ID),
                settings.text(Setting.ENVIRONMENT_SLUG), settings.text(Setting.PROJECT_REF),
                List.of(settings.text(Setting.SECRET_KEY)))));
    }

    public Optional<Environment> byId(String id) {
        return all.stream().filter(environment -> environment.id().equals(id)).findFirst();
    }

    /** The environment of whatever serves only one: the first of the file. */
    public Environment first() {
        return all.getFirst();
    }

    /** Compares with every key in constant time, so that timing tells nothing about near misses. */
    public Optional<Environment> bySecretKey(String candidate, Instant now) {
        byte[] given = candidate.getBytes(StandardCharsets.UTF_8);
        Environment found = null;
        for (Environment environment : all) {
            for (String key : environment.keysAt(now)) {
                if (MessageDigest.isEqual(given, key.getBytes(StandardCharsets.UTF_8))) {
                    found = environment;
                }
            }
        }
        return Optional.ofNullable(found);
    }
}
