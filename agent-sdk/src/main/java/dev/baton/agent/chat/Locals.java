package dev.baton.agent.chat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The locals of one run. May be used by any thread of the agent. */
public final class Locals {
    private final Map<Local<?>, Object> values = new ConcurrentHashMap<>();

    Locals() {}

    /** Sets a local for the rest of this run; a later call replaces the value. */
    public <T> void init(Local<T> local, T value) {
        values.put(local, value);
    }

    /** @throws LocalNotInitializedException when this run has not set it */
    public <T> T get(Local<T> local) {
        Object value = values.get(local);
        if (value == null) {
            throw new LocalNotInitializedException(local.name());
        }
        return local.type().cast(value);
    }
}
