package dev.baton.agent.chat;

/** Something was wanted of a turn that has ended: nobody would see it. */
public final class TurnOverException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TurnOverException(String wanted) {
        super("expected " + wanted
                + " before the turn ended, but it is over: do it in run or onBeforeTurnComplete at the"
                + " latest, and wait for your own threads there");
    }
}
