package dev.baton.wire.token;

import java.util.List;

/**
 * A tenant: its sessions, keys and objects are apart from all others.
 *
 * @param id part of every record key, without a slash
 * @param slug part of object keys
 * @param projectRef part of object keys
 * @param secretKeys the current key first, then rotated ones that still verify
 */
public record Environment(String id, String slug, String projectRef, List<String> secretKeys) {
    public Environment {
        secretKeys = List.copyOf(secretKeys);
        if (id.isEmpty() || id.indexOf('/') >= 0 || secretKeys.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected an environment id without '/' and at least one secret key, but was id '" + id + "' and "
                            + secretKeys.size() + " keys");
        }
    }

    public String currentKey() {
        return secretKeys.getFirst();
    }

    /** Keys stay out of logs. */
    @Override
    public String toString() {
        return "Environment[" + id + "]";
    }
}
