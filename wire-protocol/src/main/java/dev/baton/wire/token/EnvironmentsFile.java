package dev.baton.wire.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.SettingsException;

/**
 * Reads {@code BATON_ENVIRONMENTS_FILE}; docs/OPERATIONS.md shows its shape. It is strict, because what is overlooked
 * here opens or closes a door: unknown fields, keys that two environments share and keys that are too short are errors.
 * Errors name the place in the file and never a key.
 */
final class EnvironmentsFile {
    private static final int ENVIRONMENTS_MAX = 1000;
    private static final int ROTATED_KEYS_MAX = 10;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern SECRET = Pattern.compile("[!-~]{16,256}");

    private final Path path;
    private final Set<String> ids = new HashSet<>();
    private final Set<String> objectFolders = new HashSet<>();
    private final Set<String> keys = new HashSet<>();

    private EnvironmentsFile(Path path) {
        this.path = path;
    }

    /** @throws SettingsException with one line for the operator */
    static List<Environment> read(Path path) {
        return new EnvironmentsFile(path).environments();
    }

    private List<Environment> environments() {
        JsonNode file = parse();
        refuseUnknownFields(file, "the file", Set.of("environments"));
        JsonNode list = file.path("environments");
        if (!list.isArray() || list.isEmpty() || list.size() > ENVIRONMENTS_MAX) {
            throw broken("environments", "an array of 1 to " + ENVIRONMENTS_MAX + " environments", found(list));
        }
        List<Environment> environments = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            environments.add(environment(list.get(i), "environments[" + i + "]"));
        }
        return environments;
    }

    private JsonNode parse() {
        try {
            return WireJson.MAPPER.readTree(Files.readString(path));
        } catch (JsonProcessingException e) {
            throw new SettingsException(Setting.ENVIRONMENTS_FILE.key() + ": expected JSON in " + path
                    + ", but it is broken at line " + e.getLocation().getLineNr());
        } catch (IOException e) {
            throw new SettingsException(Setting.ENVIRONMENTS_FILE.key() + ": expected a readable text file at " + path
                    + ", but " + e.getClass().getSimpleName());
        }
    }

    private Environment environment(JsonNode node, String place) {
        refuseUnknownFields(node, place, Set.of("id", "slug", "projectRef", "keys"));
        String id = text(node, place + ".id", "id", NAME, "1 to 64 letters, digits, '_', '.' and '-'");
        String slug = text(node, place + ".slug", "slug", NAME, "1 to 64 letters, digits, '_', '.' and '-'");
        String project = text(node, place + ".projectRef", "projectRef", NAME,
                "1 to 64 letters, digits, '_', '.' and '-'");
        if (!ids.add(id)) {
            throw broken(place + ".id", "an id of its own", "'" + id + "' occurs twice");
        }
        if (!objectFolders.add(project + "/" + slug)) {
            throw broken(place, "a pair of projectRef and slug of its own",
                    "'" + project + "' and '" + slug + "' occur twice");
        }
        JsonNode held = node.path("keys");
        refuseUnknownFields(held, place + ".keys", Set.of("current", "rotated"));
        return new Environment(id, slug, project, secret(held, place + ".keys.current", "current"),
                rotated(held.path("rotated"), place + ".keys.rotated"));
    }

    private List<RotatedKey> rotated(JsonNode list, String place) {
        if (list.isMissingNode()) {
            return List.of();
        }
        if (!list.isArray() || list.size() > ROTATED_KEYS_MAX) {
            throw broken(place, "an array of at most " + ROTATED_KEYS_MAX + " keys", found(list));
        }
        List<RotatedKey> rotated = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = place + "[" + i + "]";
            refuseUnknownFields(list.get(i), at, Set.of("key", "validUntil"));
            rotated.add(new RotatedKey(secret(list.get(i), at + ".key", "key"),
                    time(list.get(i).path("validUntil"), at + ".validUntil")));
        }
        return rotated;
    }

    /** A key that two environments share would open the first of them to the holder of the second. */
    private String secret(JsonNode node, String place, String field) {
        String key = text(node, place, field, SECRET, "a secret key of 16 to 256 printable characters without spaces");
        if (!keys.add(key)) {
            throw broken(place, "a key of its own", "it occurs twice in the file");
        }
        return key;
    }

    private Instant time(JsonNode node, String place) {
        try {
            return Instant.parse(node.asText());
        } catch (DateTimeException _) {
            throw broken(place, "a time such as 2030-01-31T12:00:00Z", found(node));
        }
    }

    private String text(JsonNode node, String place, String field, Pattern form, String wanted) {
        JsonNode value = node.path(field);
        if (!value.isTextual() || !form.matcher(value.textValue()).matches()) {
            throw broken(place, wanted, found(value));
        }
        return value.textValue();
    }

    private void refuseUnknownFields(JsonNode node, String place, Set<String> known) {
        if (!node.isObject()) {
            throw broken(place, "an object with " + String.join(", ", known.stream().sorted().toList()),
                    found(node));
        }
        node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw broken(place, "no field but " + String.join(", ", known.stream().sorted().toList()),
                        "it has '" + field + "'");
            }
        });
    }

    /** Says what is there without saying it: it may be a key. */
    private static String found(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "it is missing";
            case STRING -> "it is a text of " + node.textValue().length() + " characters that does not fit";
            case ARRAY -> "it is an array of " + node.size();
            case OBJECT -> "it is an object";
            case NULL, BOOLEAN, NUMBER, BINARY, POJO -> "it is " + node.getNodeType();
        };
    }

    private SettingsException broken(String place, String wanted, String found) {
        return new SettingsException(Setting.ENVIRONMENTS_FILE.key() + ": in " + path + ", " + place + ": expected "
                + wanted + ", but " + found);
    }
}
