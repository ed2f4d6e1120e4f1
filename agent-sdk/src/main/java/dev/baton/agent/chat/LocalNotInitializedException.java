package dev.baton.agent.chat;

/** A local was read before this run has set it. */
public final class LocalNotInitializedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LocalNotInitializedException(String name) {
        super("expected the local '" + name + "' to be initialised in this run, but it is not: call"
                + " locals().init(…) in onBoot, which every run goes through");
    }
}
