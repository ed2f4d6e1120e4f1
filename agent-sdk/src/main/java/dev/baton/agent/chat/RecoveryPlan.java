package dev.baton.agent.chat;

/** What becomes of an answer that the run before has begun and not finished. */
public enum RecoveryPlan {
    /** The turn is run again; {@link Turn#partial()} says what is written, and what is written now is added to it. */
    CONTINUE,
    /** The turn is run again from nothing; the new answer takes the place of the partial one. */
    ANSWER_ANEW,
    /** The partial answer stands as it is and its message counts as answered; no turn is run for it. */
    KEEP_AS_IT_IS
}
