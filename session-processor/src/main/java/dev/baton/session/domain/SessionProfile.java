package dev.baton.session.domain;

import java.util.List;

import dev.baton.wire.json.Json;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.TriggerConfig;

/**
 * What a session was created with and what updates may change of it. Times are epoch milliseconds.
 *
 * @param externalId null for a session that is known by its friendly id only
 * @param triggerConfig null in a receipt only
 * @param tags never null
 * @param metadata null when there is none
 * @param expiresAt null when it never expires
 * @param historyKeeper as in {@code SessionRow}: null for the snapshotter
 */
public record SessionProfile(String environmentId, String id, String externalId, String type, String taskIdentifier,
        TriggerConfig triggerConfig, List<String> tags, Json metadata, Long expiresAt, long createdAt,
        long updatedAt, String historyKeeper) {

    /** Names the session everywhere: externalId, or the friendly id where there is none (contract §0.9). */
    public SessionKey key() {
        return new SessionKey(environmentId, externalId == null ? id : externalId);
    }

    public boolean expiredAt(long nowMs) {
        return expiresAt != null && expiresAt <= nowMs;
    }

    SessionProfile updated(SessionEvent.SessionUpdated change) {
        return new SessionProfile(environmentId, id, externalId, type, taskIdentifier, change.triggerConfig(),
                change.tags(), change.metadata(), change.expiresAt(), createdAt, change.at(), historyKeeper);
    }

    /** Without what the application gave it. */
    SessionProfile receipt(long at) {
        return new SessionProfile(environmentId, id, externalId, type, taskIdentifier, null, List.of(), null, null,
                createdAt, at, historyKeeper);
    }

    SessionProfile touched(long at) {
        return new SessionProfile(environmentId, id, externalId, type, taskIdentifier, triggerConfig, tags, metadata,
                expiresAt, createdAt, at, historyKeeper);
    }

    SessionProfile keptBy(String keeper) {
        return new SessionProfile(environmentId, id, externalId, type, taskIdentifier, triggerConfig, tags, metadata,
                expiresAt, createdAt, updatedAt, keeper);
    }
}
