package dev.baton.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Issue 2, bad input: what keeps a standalone process from starting is said in one line, with an exit status. */
class StandaloneRefusalTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir
    Path folder;

    /** How a process ended. */
    private record Ended(int status, List<String> out, List<String> err) {
        void assertRefused(int expectedStatus, String reason) {
            assertEquals(expectedStatus, status, this::toString);
            assertEquals(List.of(), out);
            assertEquals(1, err.size(), this::toString);
            assertTrue(err.getFirst().contains(reason), this::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--prot 8030", "--port many", "--port 70000", "--port -1", "--ephemeral --data x"})
    void wrongUsageEndsWithStatusTwo(String options) throws Exception {
        // When
        Ended ended = run(Map.of(), options.split(" "));

        // Then
        ended.assertRefused(2, "baton standalone --help");
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            // When
            Ended ended = run(Map.of(), "--data", folder.toString(), "--port",
                    Integer.toString(taken.getLocalPort()));

            // Then
            ended.assertRefused(1, "expected port " + taken.getLocalPort() + " on 127.0.0.1 to be free");
        }
    }

    @Test
    void aSecondProcessOnTheSameDataFolderIsRefused() throws Exception {
        // Given
        try (DataFolder first = DataFolder.open(folder)) {

            // When
            Ended ended = run(Map.of(), "--data", folder.toString(), "--port", "0");

            // Then
            ended.assertRefused(1, "process " + ProcessHandle.current().pid() + " uses it");
            assertEquals(folder.toAbsolutePath(), first.path());
        }
    }

    @Test
    void aDataFolderThatIsAFileIsRefused() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("file"), "no folder");

        // When
        Ended ended = run(Map.of(), "--data", file.toString(), "--port", "0");

        // Then
        ended.assertRefused(1, file.toString());
    }

    @Test
    void aBrokenSettingIsNamed() throws Exception {
        // When
        Ended ended = run(Map.of("BATON_PARTITIONS", "four"), "--data", folder.toString(), "--port", "0");

        // Then
        ended.assertRefused(1, "expected a whole number for BATON_PARTITIONS, but was 'four'");
    }

    private Ended run(Map<String, String> environment, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), Standalone.class.getName()));
        command.addAll(List.of(options));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("BATON_") || key.startsWith("OBJECT_STORE_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return new Ended(process.exitValue(), Files.readAllLines(out, StandardCharsets.UTF_8),
                Files.readAllLines(err, StandardCharsets.UTF_8));
    }
}
