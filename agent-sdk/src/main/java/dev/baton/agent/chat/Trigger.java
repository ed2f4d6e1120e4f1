package dev.baton.agent.chat;

/** What an entry of {@code .in} asks for. Turns are made of {@link #SUBMIT} and {@link #REGENERATE} only. */
public enum Trigger {
    /** A new message. */
    SUBMIT,
    /** The last message once more, without the answer it had. */
    REGENERATE,
    /** The run shall leave; the chat goes on with the next message. */
    CLOSE,
    /** Something the client did that is no message. */
    ACTION,
    /** Nothing of a run that lives. */
    NONE
}
