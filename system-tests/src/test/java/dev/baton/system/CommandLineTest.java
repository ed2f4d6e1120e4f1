package dev.baton.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StandaloneProcess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How the processes start, stop and refuse (design, "Fixed interface of the launcher"; issue 2 "Bad input"). */
class CommandLineTest {
    private static final String NO_BROKER = "127.0.0.1:1";

    @Test
    @DisplayName("a port in use: one line that names it, status 1, and the data folder is left alone")
    void aPortInUseIsRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given
            String port = Integer.toString(taken.getLocalPort());
            Path folder = StandaloneProcess.newFolder();

            // When
            try (ChildJvm standalone = standalone(folder, Map.of(), "--port", port, "--data",
                    folder.resolve("data").toString())) {

                // Then
                assertRefused(standalone, port);
            }
        }
    }

    @Test
    @DisplayName("a data folder in use: one line that names it, and the first process does not notice")
    void aDataFolderInUseIsRefused() {
        // Given
        Path folder = StandaloneProcess.newFolder();
        String data = folder.resolve("data").toString();
        int port = StandaloneProcess.freePort();
        try (ChildJvm first = standalone(folder, Map.of(), "--port", Integer.toString(port), "--data", data)) {
            first.awaitLine(line -> line.startsWith("READY "), Patience.START);

            // When
            try (ChildJvm second = standalone(folder, Map.of(), "--port",
                    Integer.toString(StandaloneProcess.freePort()), "--data", data)) {

                // Then
                assertRefused(second, data);
            }
            BatonClient baton = new BatonClient(URI.create("http://127.0.0.1:" + port), null);
            baton.get("/readyz").expect(200);
        }
    }

    @Test
    @DisplayName("a data folder that cannot be one: one line that names it")
    void anUnusableDataFolderIsRefused() throws IOException {
        // Given
        Path folder = StandaloneProcess.newFolder();
        Path file = Files.writeString(folder.resolve("a-file"), "not a folder");

        // When
        try (ChildJvm standalone = standalone(folder, Map.of(), "--port",
                Integer.toString(StandaloneProcess.freePort()), "--data", file.toString())) {

            // Then
            assertRefused(standalone, file.toString());
            assertEquals("not a folder", Files.readString(file));
        }
    }

    @Test
    @DisplayName("an unreachable broker: one line that names it and the setting")
    void anUnreachableBrokerIsRefused() {
        // Given
        Path folder = StandaloneProcess.newFolder();

        // When
        try (ChildJvm standalone = standalone(folder, Map.of("BATON_KAFKA_BOOTSTRAP", NO_BROKER), "--port",
                Integer.toString(StandaloneProcess.freePort()), "--data", folder.resolve("data").toString())) {

            // Then
            assertRefused(standalone, NO_BROKER, "BATON_KAFKA_BOOTSTRAP");
        }
    }

    @Test
    @DisplayName("an unreachable object store: one line that names it and the setting")
    void anUnreachableObjectStoreIsRefused() {
        // Given
        Path folder = StandaloneProcess.newFolder();
        Map<String, String> store = Map.of("OBJECT_STORE_BASE_URL", "http://127.0.0.1:1", "OBJECT_STORE_ACCESS_KEY_ID",
                "key", "OBJECT_STORE_SECRET_ACCESS_KEY", "secret");

        // When
        try (ChildJvm standalone = standalone(folder, store, "--port",
                Integer.toString(StandaloneProcess.freePort()), "--data", folder.resolve("data").toString())) {

            // Then
            assertRefused(standalone, "http://127.0.0.1:1", "OBJECT_STORE_BASE_URL");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.baton.ingress.IngressMain", "dev.baton.session.SessionProcessorMain",
            "dev.baton.run.RunOrchestratorMain", "dev.baton.snapshot.SnapshotterMain"})
    @DisplayName("a service that is told of no broker: one line that names the setting")
    void aServiceWithoutABrokerIsRefused(String mainClass) {
        // Given
        Path log = StandaloneProcess.newFolder().resolve("output.log");

        // When
        try (ChildJvm service = ChildJvm.start(mainClass, List.of(), Map.of(), log)) {

            // Then
            assertRefused(service, "BATON_KAFKA_BOOTSTRAP");
        }
    }

    @Test
    @DisplayName("an unknown option: one line that names it and the way to help, status 2")
    void anUnknownOptionIsRefused() {
        // When
        try (ChildJvm standalone = standalone(StandaloneProcess.newFolder(), Map.of(), "--prot", "8030")) {

            // Then
            assertEquals(2, standalone.awaitExit(Patience.REFUSAL));
            String said = String.join("\n", standalone.standardError());
            assertTrue(said.contains("--prot") && said.contains("--help"), said);
        }
    }

    @Test
    @DisplayName("--ephemeral and --no-demo: ready, healthy, gone within 5 s of Ctrl-C, nothing left behind")
    void anEphemeralStandaloneLeavesNothingBehind() throws IOException {
        // Given
        Path folder = StandaloneProcess.newFolder();
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        int port = StandaloneProcess.freePort();
        BatonClient baton = new BatonClient(URI.create("http://127.0.0.1:" + port), null);
        try (ChildJvm standalone = standalone(folder, Map.of("TMPDIR", temporary.toString(), "JAVA_TOOL_OPTIONS",
                "-Djava.io.tmpdir=" + temporary), "--ephemeral", "--no-demo", "--port", Integer.toString(port))) {
            String ready = standalone.awaitLine(line -> line.startsWith("READY "), Patience.START);

            // When
            HttpAnswer metrics = baton.get("/metrics").expect(200);
            baton.get("/healthz").expect(200);
            baton.get("/readyz").expect(200);
            standalone.terminate();
            int status = standalone.awaitExit(Patience.STOP);

            // Then
            assertEquals("READY " + baton.url(), ready);
            assertEquals(ChildJvm.TERMINATED, status);
            assertTrue(metrics.body().contains("# TYPE "), "Prometheus text");
            try (var left = Files.walk(temporary)) {
                assertEquals(List.of(), left.filter(path -> path.getFileName().toString().contains("baton")).toList());
            }
        }
    }

    private static ChildJvm standalone(Path folder, Map<String, String> environment, String... arguments) {
        return ChildJvm.start(StandaloneProcess.MAIN_CLASS, List.of(arguments), environment,
                folder.resolve("output.log"));
    }

    /** Ends with status 1 and one line on standard error, which names all of this. */
    private static void assertRefused(ChildJvm process, String... named) {
        int status = process.awaitExit(Patience.REFUSAL);
        List<String> said = process.standardError().stream().filter(line -> !line.isBlank()).toList();
        assertEquals(1, status, process.tail(40));
        assertEquals(1, said.size(), "one line on standard error, but: " + String.join("\n", said));
        assertNotEquals("", said.getFirst());
        for (String name : named) {
            assertTrue(said.getFirst().contains(name), "names " + name + ": " + said.getFirst());
        }
        assertFalse(process.standardOutput().stream().anyMatch(line -> line.startsWith("READY")), "never ready");
    }
}
