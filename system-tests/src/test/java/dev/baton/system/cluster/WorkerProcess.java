package dev.baton.system.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StandaloneProcess;

/** A worker with the demo agent, in a process of its own. Every life is another worker to the gateways. */
public final class WorkerProcess implements Member {
    private static final String MAIN_CLASS = "dev.baton.agent.echo.EchoMain";

    private final String name;
    private final Map<String, String> environment;
    private final Path log;
    private ChildJvm process;

    /** @param gatewayUrl where it asks for runs */
    WorkerProcess(int number, String gatewayUrl) {
        this.name = "worker-" + number;
        this.environment = Map.of("BATON_GATEWAY_URL", gatewayUrl);
        this.log = StandaloneProcess.newFolder().resolve(name + ".log");
    }

    /** Starts one and returns when it asks for runs. */
    public static WorkerProcess start(int number, String gatewayUrl) {
        WorkerProcess worker = new WorkerProcess(number, gatewayUrl);
        worker.start();
        return worker;
    }

    @Override
    public void start() {
        process = ChildJvm.start(MAIN_CLASS, List.of(), environment, log);
        process.awaitLine(line -> line.startsWith("READY"), Patience.DEPLOYMENT_START);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ChildJvm process() {
        return process;
    }
}
