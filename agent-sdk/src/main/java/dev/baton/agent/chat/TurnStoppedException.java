package dev.baton.agent.chat;

/** The user stopped the turn. Agent code lets it pass; the turn loop then writes what is due. */
public final class TurnStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TurnStoppedException() {
        super("the user stopped this turn");
    }
}
