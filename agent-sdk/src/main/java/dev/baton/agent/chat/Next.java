package dev.baton.agent.chat;

/** What a run does after it has dealt with a message. */
enum Next {
    /** Wait for the next one. */
    WAIT,
    /** Answer what is there already, then leave. */
    LEAVE_WHEN_EMPTY,
    /** Leave at once. */
    LEAVE,
    /** Leave at once; the message is for the successor. */
    HAND_OVER
}
