package dev.baton.wire.session;

import dev.baton.wire.Names;

/**
 * Names one session in all topics and stores.
 *
 * @param environmentId the environment's id, without a slash
 * @param chatId the externalId, or the friendly id of a session that has none
 */
public record SessionKey(String environmentId, String chatId) {
    public SessionKey {
        if (environmentId.isEmpty() || environmentId.indexOf('/') >= 0 || chatId.isEmpty()) {
            throw new IllegalArgumentException("expected an environment id without '/' and a chat id, but was '"
                    + environmentId + "' and '" + chatId + "'");
        }
    }

    /** The record key, {@code environment/chatId}. */
    @Override
    public String toString() {
        return Names.sessionKey(this);
    }
}
