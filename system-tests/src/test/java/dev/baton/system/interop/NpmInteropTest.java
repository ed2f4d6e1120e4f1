package dev.baton.system.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.baton.agent.Worker;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * The cases in {@code interop/}: real, unmodified npm clients of both versions against one Baton. Node runs them; each
 * shows as a test here. They need Node and npm and, once, a package registry. Without any of that, or with
 * {@code -Dbaton.interop=false}, they are skipped and say so; where {@code BATON_INTEROP_REQUIRED} is {@code true} a skip is
 * a failure.
 */
class NpmInteropTest {
    private static final Path INTEROP = Path.of("..", "interop").toAbsolutePath().normalize();
    private static final Path LOGS = Path.of("target", "interop").toAbsolutePath();
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(30);
    private static final Duration INSTALL_PATIENCE = Duration.ofMinutes(5);
    private static final Duration CASES_PATIENCE = Duration.ofMinutes(15);
    private static final int CLOSING_LINES = 8;
    /** Case files that run at a time: they wait more than they compute. */
    private static final int CONCURRENCY = 2;
    private static final Pattern UNREACHABLE_REGISTRY = Pattern.compile(
            "\\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT)\\b");

    /** The task of the agent in Java that the cases talk to; its upgrades are tried under another one, with two versions. */
    private static final String SHOP = "interop-shop";
    private static final String SHOP_VERSIONS = SHOP + "-versions";

    /** Started with the first version that has its packages. */
    private static StandaloneProcess standalone;
    private static final List<Worker> WORKERS = new ArrayList<>();

    /** How a child process ended, and what it printed. */
    private record Finished(int status, List<String> output) {
        String tail(int lines) {
            return String.join("\n", output.subList(Math.max(0, output.size() - lines), output.size()));
        }
    }

    @AfterAll
    static void stopStandalone() {
        WORKERS.forEach(Worker::close);
        if (standalone != null) {
            standalone.close();
        }
    }

    @TestFactory
    @DisplayName("packages at 4.5.0")
    Stream<DynamicTest> everyCasePassesWithTheOlderPackages() throws IOException {
        return cases("4.5.0");
    }

    @TestFactory
    @DisplayName("packages at 4.8.3")
    Stream<DynamicTest> everyCasePassesWithTheNewerPackages() throws IOException {
        return cases("4.8.3");
    }

    private static Stream<DynamicTest> cases(String version) throws IOException {
        if (!Boolean.parseBoolean(System.getProperty("baton.interop", "true"))) {
            skip("-Dbaton.interop=false was given", version);
        }
        Files.createDirectories(LOGS);
        requireTool("node", version);
        requireTool("npm", version);
        install(version);
        Path report = LOGS.resolve("cases-" + version + ".jsonl");
        Finished run = runCases(version, report);
        System.out.println("Interop with the packages at " + version + ":\n" + run.tail(CLOSING_LINES));
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Files.readAllLines(report)) {
            tests.add(asTest(WireJson.MAPPER.readTree(line)));
        }
        tests.add(DynamicTest.dynamicTest("Node ran cases and ended well", () -> {
            assertEquals(0, run.status(), run.tail(40));
            assertNotEquals(1, tests.size(), "expected cases, but there were none:\n" + run.tail(40));
        }));
        return tests.stream();
    }

    private static DynamicTest asTest(JsonNode result) {
        String name = result.path("file").asText() + ": " + result.path("name").asText();
        return DynamicTest.dynamicTest(name, () -> {
            Assumptions.assumeFalse(result.has("skipped"), () -> result.path("skipped").asText());
            assertFalse(result.has("error"), () -> result.path("error").asText());
        });
    }

    private static void requireTool(String tool, String version) {
        try {
            if (run(INTEROP, Map.of(), PROBE_PATIENCE, "probe-" + tool, tool, "--version").status() == 0) {
                return;
            }
        } catch (UncheckedIOException _) {
            // Not there: said below.
        }
        skip("no " + tool + " found", version);
    }

    /** Once: npm leaves a copy of the lock file behind that is newer than the one it has installed. */
    private static void install(String version) throws IOException {
        Path folder = INTEROP.resolve("sdk-" + version);
        Path installed = folder.resolve("node_modules").resolve(".package-lock.json");
        Path wanted = folder.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) > 0) {
            return;
        }
        Finished install = run(folder, Map.of(), INSTALL_PATIENCE, "install-" + version, "npm", "ci",
                "--ignore-scripts",
                "--no-audit", "--no-fund");
        if (install.status() != 0 && UNREACHABLE_REGISTRY.matcher(String.join("\n", install.output())).find()) {
            skip("no package registry can be reached", version);
        }
        assertEquals(0, install.status(), install.tail(40));
    }

    private static Finished runCases(String version, Path report) throws IOException {
        if (standalone == null) {
            standalone = StandaloneProcess.start(new EmbeddedBroker());
            startShops(standalone.url().toString());
        }
        Map<String, String> environment = Map.of("BATON_INTEROP_SDK", version, "BATON_URL", standalone.url().toString(),
                "BATON_SECRET_KEY", BatonClient.SECRET_KEY, "BATON_INTEROP_JAVA_AGENT", SHOP);
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-concurrency=" + CONCURRENCY,
                "--test-reporter=spec", "--test-reporter-destination=stdout",
                "--test-reporter=" + INTEROP.resolve("lib").resolve("case-reporter.mjs").toUri(),
                "--test-reporter-destination=" + report));
        try (Stream<Path> files = Files.list(INTEROP.resolve("cases"))) {
            files.map(Path::toString).filter(file -> file.endsWith(".test.mjs")).sorted().forEach(command::add);
        }
        return run(INTEROP, environment, CASES_PATIENCE, "cases-" + version, command.toArray(String[]::new));
    }

    private static void startShops(String url) {
        WORKERS.add(ShopAgent.worker(url, BatonClient.SECRET_KEY, SHOP, "1"));
        WORKERS.add(ShopAgent.worker(url, BatonClient.SECRET_KEY, SHOP_VERSIONS, "1"));
        WORKERS.add(ShopAgent.worker(url, BatonClient.SECRET_KEY, SHOP_VERSIONS, "2"));
        WORKERS.forEach(Worker::start);
    }

    private static void skip(String reason, String version) {
        String all = reason + ", so the interop cases with the packages at " + version + " did not run";
        if (Boolean.parseBoolean(System.getenv("BATON_INTEROP_REQUIRED"))) {
            fail("expected the interop cases to run, because BATON_INTEROP_REQUIRED is set, but: " + all);
        }
        System.out.println("SKIPPED: " + all);
        Assumptions.abort(all);
    }

    /** Runs to the end; output goes into a file, so that a child that outlives its parent cannot hold us up. */
    private static Finished run(Path folder, Map<String, String> environment, Duration patience, String name,
            String... command) {
        Path log = LOGS.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try {
                boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
                List<String> output = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
                Finished finished = new Finished(ended ? process.exitValue() : -1, output);
                if (!ended) {
                    throw new AssertionError(
                            "expected " + command[0] + " to end within " + patience + ", but:\n" + finished.tail(40));
                }
                return finished;
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + command[0] + " ran", e);
        }
    }
}
