package dev.baton.wire.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The settings of one process: the environment's values over the defaults. Immutable. */
public final class Settings {
    /** Works out of the box on loopback; standalone warns loudly when it is used on another address. */
    public static final String DEFAULT_SECRET_KEY = "tr_dev_localbatonsecretkey00001";

    private final Map<Setting, String> values;

    private Settings(Map<Setting, String> values) {
        this.values = values;
    }

    /** Reads what is set in the given environment; an empty value counts as not set. */
    public static Settings of(Map<String, String> environment) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String value = environment.getOrDefault(setting.key(), "").strip();
            values.put(setting, value.isEmpty() ? setting.defaultText() : value);
        }
        return new Settings(values);
    }

    /** These settings with one value replaced. */
    public Settings with(Setting setting, String value) {
        Map<Setting, String> changed = new EnumMap<>(values);
        changed.put(setting, value);
        return new Settings(changed);
    }

    public String text(Setting setting) {
        return values.get(setting);
    }

    public boolean isSet(Setting setting) {
        return !text(setting).isEmpty();
    }

    /** @throws SettingsException when the value is empty */
    public String required(Setting setting) {
        if (!isSet(setting)) {
            throw new SettingsException("expected " + setting.key() + " to be set: " + setting.purpose());
        }
        return text(setting);
    }

    public int number(Setting setting) {
        try {
            return Integer.parseInt(text(setting));
        } catch (NumberFormatException e) {
            throw new SettingsException(
                    "expected a whole number for " + setting.key() + ", but was '" + text(setting) + "'");
        }
    }

    public Duration millis(Setting setting) {
        return Duration.ofMillis(number(setting));
    }

    public Path path(Setting setting) {
        return Path.of(text(setting));
    }

    /** Base URL of the ingress as clients and workers see it, without a trailing slash. */
    public String publicUrl() {
        String url = isSet(Setting.PUBLIC_URL)
                ? text(Setting.PUBLIC_URL)
                : "http://" + text(Setting.HOST) + ":" + text(Setting.INGRESS_PORT);
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
