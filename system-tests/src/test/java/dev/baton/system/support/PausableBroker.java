package dev.baton.system.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.baton.standalone.EmbeddedBroker;
import dev.baton.wire.service.Setting;

/** A broker in a process of its own, which can be made to stand still: connections stay, and nothing is answered. */
public final class PausableBroker implements Broker {
    private static final String READY = "READY ";
    private final ChildJvm process;
    private final String bootstrap;

    private PausableBroker(ChildJvm process) {
        this.process = process;
        this.bootstrap = process.awaitLine(line -> line.startsWith(READY), Patience.START).substring(READY.length());
    }

    /** Main class of the process. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            System.out.println(READY + EmbeddedBroker.start(Path.of(args[0])).bootstrap());
            new CountDownLatch(1).await();
        }
    }

    public static PausableBroker start() {
        Path folder = StandaloneProcess.newFolder();
        return new PausableBroker(ChildJvm.start(Main.class.getName(), List.of(folder.resolve("kafka").toString()),
                Map.of(), folder.resolve("broker.log")));
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(Setting.KAFKA_BOOTSTRAP.key(), bootstrap);
    }

    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    @Override
    public void close() {
        process.close();
    }
}
