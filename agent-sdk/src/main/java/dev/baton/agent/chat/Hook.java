package dev.baton.agent.chat;

/** Code that is called when something happens in a chat. Called by the run's thread. */
@FunctionalInterface
public interface Hook<E> {
    /**
     * What it throws ends the turn with an error on the stream; the run goes on (features #332).
     *
     * @throws TurnStoppedException when the user stopped the turn: let it pass
     * @throws InterruptedException when the run is cancelled: let it pass
     */
    void on(E event) throws Exception;
}
