package dev.baton.ingress;

import java.util.List;

import dev.baton.wire.service.ServiceMain;

/** The ingress as a process of its own. */
public final class IngressMain {
    private IngressMain() {}

    public static void main(String[] args) throws InterruptedException {
        ServiceMain.run("ingress",
                (settings, metrics) -> IngressService.start(settings, metrics, List.of(), List.of()));
    }
}
