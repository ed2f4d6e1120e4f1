package dev.baton.wire.session;

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

    /**
     * Takes a record key apart. The environment id holds no slash, so the first one separates.
     *
     * @throws IllegalArgumentException when the text is no session key
     */
    public static SessionKey parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("expected a session key 'environment/chatId', but was '" + text + "'");
        }
        return new SessionKey(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The record key, {@code environment/chatId}: {@code env_dev/chat-1}. */
    @Override
    public String toString() {
        return environmentId + "/" + chatId;
    }
}
