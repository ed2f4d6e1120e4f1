package dev.baton.wire.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * Random streams folded here and by the npm package {@code ai} in {@code interop/fold} (design D9). It needs Node, npm and, once, a
 * package registry. Without any of that, or with {@code -Dbaton.interop=false}, it is skipped and says so; where
 * {@code BATON_INTEROP_REQUIRED} is {@code true} a skip is a failure.
 *
 * <p>{@code -Dbaton.fold.seed} and {@code -Dbaton.fold.streams} choose other streams; {@code -Dbaton.fold.corpus=true} writes the
 * corpus of {@link GoldenFoldTest} again.
 */
class FoldOracleTest {
    private static final Path ORACLE = Path.of("..", "interop", "fold").toAbsolutePath().normalize();
    private static final Path WORK = Path.of("target", "fold").toAbsolutePath();
    private static final Path CORPUS = Path.of("src", "test", "resources", "fold", "corpus.json");
    private static final int CORPUS_STREAMS = 300;
    private static final int PATIENCE_MINUTES = 5;

    @Test
    void everyRandomStreamFoldsAsTheNpmReducerDoes() throws IOException {
        // Given
        requireOracle();
        List<ObjectNode> streams = LongStream.range(0, Integer.getInteger("baton.fold.streams", 6_000))
                .mapToObj(i -> RandomChunks.stream(Long.getLong("baton.fold.seed", 1) + i)).toList();

        // When
        List<JsonNode> answers = askOracle(streams);

        // Then
        if (Boolean.getBoolean("baton.fold.corpus")) {
            writeCorpus(streams, answers);
        }
        assertEquals(streams.size(), answers.size());
        for (int i = 0; i < streams.size(); i++) {
            long seed = Long.getLong("baton.fold.seed", 1) + i;
            ObjectNode stream = streams.get(i);
            JsonNode folded = ReducedStream.fold((ObjectNode) stream.get("message"), stream.get("chunks"));
            assertEquals(CanonicalJson.text(answers.get(i).get("message")), CanonicalJson.text(folded),
                    () -> "-Dbaton.fold.seed=" + seed + ": " + stream);
        }
        System.out.println("Fold: " + streams.size() + " random streams gave the messages of the npm reducer");
    }

    private static void requireOracle() throws IOException {
        if (!Boolean.parseBoolean(System.getProperty("baton.interop", "true"))) {
            skip("-Dbaton.interop=false was given");
        }
        Files.createDirectories(WORK);
        if (Files.exists(ORACLE.resolve("node_modules").resolve(".package-lock.json"))) {
            return;
        }
        Path log = WORK.resolve("install.log");
        if (run(WORK, log, null, "npm", "ci", "--prefix", ORACLE.toString(), "--ignore-scripts", "--no-audit",
                "--no-fund") != 0) {
            skip("npm could not install the oracle, see " + log);
        }
    }

    private static List<JsonNode> askOracle(List<ObjectNode> streams) throws IOException {
        Path questions = WORK.resolve("streams.ndjson");
        Path answers = WORK.resolve("messages.ndjson");
        Files.write(questions, streams.stream().map(ObjectNode::toString).toList());
        assertEquals(0, run(ORACLE, answers, questions, "node", "oracle.mjs"), () -> "see " + answers);
        List<JsonNode> read = new ArrayList<>();
        Files.readAllLines(answers).forEach(line -> read.add(WireJson.readTree(line)));
        return read;
    }

    private static int run(Path folder, Path output, Path input, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectError(WORK.resolve("errors.log").toFile()).redirectOutput(output.toFile());
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            skip("no " + command[0] + " found");
            throw e;
        }
        try {
            return process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) ? process.exitValue() : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + command[0] + " ran", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void writeCorpus(List<ObjectNode> streams, List<JsonNode> answers) throws IOException {
        List<String> cases = new ArrayList<>();
        for (int i = 0; i < CORPUS_STREAMS; i++) {
            ObjectNode golden = streams.get(i).deepCopy().put("name", "stream " + (i + 1));
            golden.set("expected", answers.get(i).get("message"));
            golden.set("refused", answers.get(i).get("refused"));
            cases.add(golden.toString());
        }
        JsonNode installed = WireJson.readTree(Files.readString(ORACLE.resolve("node_modules/ai/package.json")));
        Files.writeString(CORPUS,
                "{\"oracle\":\"ai " + installed.path("version").asText() + ", readUIMessageStream\",\"command\":"
                        + "\"mvn verify -pl wire-protocol -Dtest=FoldOracleTest -Dbaton.fold.corpus=true\",\"cases\":[\n"
                        + String.join(",\n", cases) + "\n]}\n");
    }

    private static void skip(String reason) {
        String all = reason + ", so random streams were not held against the npm reducer";
        if (Boolean.parseBoolean(System.getenv("BATON_INTEROP_REQUIRED"))) {
            fail("expected the oracle to run, because BATON_INTEROP_REQUIRED is set, but: " + all);
        }
        System.out.println("SKIPPED: " + all);
        Assumptions.abort(all);
    }
}
