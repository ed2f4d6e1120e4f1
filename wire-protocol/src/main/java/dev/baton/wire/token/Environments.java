package dev.baton.wire.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;

/** The environments this installation serves. Immutable. */
public final class Environments {
    private final List<Environment> all;

    public Environments(List<Environment> all) {
        this.all = List.copyOf(all);
    }

    /** The one environment that the settings describe. */
    public static Environments of(Settings settings) {
        return new Environments(List.of(new Environment(settings.text(Setting.ENVIRONMENT_ID),
                settings.text(Setting.ENVIRONMENT_SLUG), settings.text(Setting.PROJECT_REF),
                List.of(settings.text(Setting.SECRET_KEY)))));
    }

    public Optional<Environment> byId(String id) {
        return all.stream().filter(environment -> environment.id().equals(id)).findFirst();
    }

    /** Compares with every key in constant time, so that timing tells nothing about near misses. */
    public Optional<Environment> bySecretKey(String candidate) {
        byte[] given = candidate.getBytes(StandardCharsets.UTF_8);
        Environment found = null;
        for (Environment environment : all) {
            for (String key : environment.secretKeys()) {
                if (MessageDigest.isEqual(given, key.getBytes(StandardCharsets.UTF_8))) {
                    found = environment;
                }
            }
        }
        return Optional.ofNullable(found);
    }
}
