package dev.baton.agent.chat;

/**
 * A value that lives as long as one run: a connection, a counter, what was loaded at boot (features #241). Declare it as a
 * constant, set it in {@code onBoot} with {@link Locals#init}, read it anywhere with {@link Locals#get}. A new run starts
 * without it.
 *
 * @param name for the message of the exception when it is read too early
 */
public record Local<T>(String name, Class<T> type) {
    public static <T> Local<T> of(String name, Class<T> type) {
        return new Local<>(name, type);
    }
}
