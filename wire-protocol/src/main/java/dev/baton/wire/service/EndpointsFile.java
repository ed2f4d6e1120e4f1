package dev.baton.wire.service;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;

/**
 * {@code endpoints.properties} in the data folder of a running standalone: where its broker and its object store listen, as
 * settings. Its ports and the key of the store are new at every start. Whoever reads the topics beside it starts from here.
 * Only the owner may read the file, because of the store's key.
 */
public final class EndpointsFile {
    public static final String NAME = "endpoints.properties";
    private static final String FORMAT = "format";
    private static final String FORMAT_1 = "1";
    /** What somebody needs who reads what a standalone has written. No key of an environment is among them. */
    private static final List<Setting> SETTINGS = List.of(Setting.KAFKA_BOOTSTRAP, Setting.OBJECT_STORE_BASE_URL,
            Setting.OBJECT_STORE_ACCESS_KEY_ID, Setting.OBJECT_STORE_SECRET_ACCESS_KEY, Setting.OBJECT_STORE_BUCKET,
            Setting.OBJECT_STORE_REGION, Setting.ENVIRONMENT_ID, Setting.ENVIRONMENT_SLUG, Setting.PROJECT_REF,
            Setting.ENVIRONMENTS_FILE);

    private EndpointsFile() {}

    /** Replaces the file of a former life. Whoever is killed in here leaves the old file or the new one. */
    public static void write(Path folder, Settings settings) throws IOException {
        StringBuilder text = new StringBuilder(FORMAT + "=" + FORMAT_1 + "\n");
        for (Setting setting : SETTINGS) {
            text.append(setting.key()).append('=').append(escaped(value(settings, setting))).append('\n');
        }
        Path draft = folder.resolve(NAME + ".draft");
        Files.deleteIfExists(draft);
        Files.createFile(draft, ownerOnly());
        Files.writeString(draft, text);
        Files.move(draft, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    public static void remove(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(NAME));
    }

    /**
     * The given settings with what the file says in their place.
     *
     * @throws SettingsException with one line for the operator when there is no such file or it cannot be read
     */
    public static Settings read(Path folder, Settings given) {
        Path file = folder.resolve(NAME).toAbsolutePath().normalize();
        Properties found = new Properties();
        try {
            found.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException("expected the file " + file + " of a running standalone, but: "
                    + e.getClass().getSimpleName()
                    + ". Start './baton standalone', name its folder with --data, or set "
                    + Setting.KAFKA_BOOTSTRAP.key());
        }
        if (!FORMAT_1.equals(found.getProperty(FORMAT))) {
            throw new SettingsException("expected format " + FORMAT_1 + " of " + file + ", but it is '"
                    + found.getProperty(FORMAT) + "': use the Baton that wrote it");
        }
        Settings settings = given;
        for (Setting setting : SETTINGS) {
            settings = settings.with(setting, found.getProperty(setting.key(), setting.defaultText()));
        }
        return settings;
    }

    /** Whoever reads it may stand in another folder. */
    private static String value(Settings settings, Setting setting) {
        boolean path = setting == Setting.ENVIRONMENTS_FILE && settings.isSet(setting);
        return path ? settings.path(setting).toAbsolutePath().normalize().toString() : settings.text(setting);
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\");
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }
}
