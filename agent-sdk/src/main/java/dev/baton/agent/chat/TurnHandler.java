package dev.baton.agent.chat;

/** Answers one turn. */
@FunctionalInterface
public interface TurnHandler {
    /**
     * Writes the answer. What it throws becomes an error on the stream and the end of the turn; the run goes on
     * (features #332).
     *
     * @throws TurnStoppedException when the user stopped the turn: let it pass
     * @throws InterruptedException when the run is cancelled: let it pass
     */
    void answer(Turn turn) throws Exception;
}
