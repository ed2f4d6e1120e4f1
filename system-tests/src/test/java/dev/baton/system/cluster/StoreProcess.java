package dev.baton.system.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.baton.standalone.EmbeddedObjectStore;
import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.service.Setting;

/** A real S3 endpoint in a process of its own, over a local folder. */
final class StoreProcess implements AutoCloseable {
    private static final String READY = "READY ";
    private static final String BUCKET = "baton";

    private final ChildJvm process;
    private final Map<String, String> environment;

    private StoreProcess(ChildJvm process) {
        this.process = process;
        String[] words = process.awaitLine(line -> line.startsWith(READY), Patience.DEPLOYMENT_START).split(" ");
        environment = Map.of(Setting.OBJECT_STORE_BASE_URL.key(), words[1],
                Setting.OBJECT_STORE_ACCESS_KEY_ID.key(), words[2],
                Setting.OBJECT_STORE_SECRET_ACCESS_KEY.key(), words[3], Setting.OBJECT_STORE_BUCKET.key(), BUCKET);
    }

    /** Main class of the process. Argument: the folder. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) throws Exception {
            EmbeddedObjectStore store = EmbeddedObjectStore.start(Path.of(args[0]), BUCKET);
            System.out.println(READY + store.baseUrl() + " " + store.accessKeyId() + " " + store.secretAccessKey());
            new CountDownLatch(1).await();
        }
    }

    static StoreProcess start() {
        Path folder = StandaloneProcess.newFolder();
        return new StoreProcess(ChildJvm.start(Main.class.getName(), List.of(folder.resolve("objects").toString()),
                Map.of(), folder.resolve("store.log")));
    }

    /** What services need to use it. */
    Map<String, String> environment() {
        return environment;
    }

    @Override
    public void close() {
        process.close();
    }
}
