package dev.baton.agent.task;

/** Something was wanted of a run that has ended: nobody would see it. */
public final class TaskOverException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TaskOverException(String wanted) {
        super("expected " + wanted + " before the code of the task returned, but the run is over:"
                + " wait for your own threads before you return");
    }
}
