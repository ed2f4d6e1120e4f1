package dev.baton.wire.token;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tenant: its sessions, keys and objects are apart from all others.
 *
 * @param id part of every record key, without a slash
 * @param slug part of object keys
 * @param projectRef part of object keys
 * @param currentKey the secret key that everything new is signed with
 * @param rotatedKeys further keys that are good for the time of their grace
 */
public record Environment(String id, String slug, String projectRef, String currentKey, List<RotatedKey> rotatedKeys) {
    public Environment {
        rotatedKeys = List.copyOf(rotatedKeys);
        if (id.isEmpty() || id.indexOf('/') >= 0 || currentKey.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected an environment id without '/' and a secret key, but was id '" + id + "' and a key of "
                            + currentKey.length() + " characters");
        }
    }

    /** @param secretKeys the current key first, then keys that are good for ever */
    public Environment(String id, String slug, String projectRef, List<String> secretKeys) {
        this(id, slug, projectRef, secretKeys.getFirst(),
                secretKeys.stream().skip(1).map(key -> new RotatedKey(key, Instant.MAX)).toList());
    }

    /** The keys that are good now, the current one first. */
    List<String> keysAt(Instant now) {
        return Stream.concat(Stream.of(currentKey),
                rotatedKeys.stream().filter(rotated -> rotated.validAt(now)).map(RotatedKey::key)).toList();
    }

    /** Keys stay out of logs. */
    @Override
    public String toString() {
        return "Environment[" + id + "]";
    }
}
