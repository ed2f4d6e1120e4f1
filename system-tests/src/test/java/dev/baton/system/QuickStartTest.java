package dev.baton.system;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.Turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The quick start of docs/AGENTS.md, typed in: its code into a file of an empty folder, its command lines into a shell, the
 * bodies of its {@code curl} calls into requests. Everything comes from the page; the port is another one.
 *
 * <p>The class path is the documented one, {@code standalone/target/lib}. In {@code mvn verify} the phase {@code package} of
 * {@code standalone}, which fills that folder, comes before the tests of this module; where it has not run, {@code ./baton} builds it
 * first, as it does for everybody.
 */
class QuickStartTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SECTION = Pattern.compile("^## Quick start$.*?(?=^## )",
            Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern BLOCK = Pattern.compile("^```\\w*\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    /** Path of a request and its body, if it has one. */
    private static final Pattern CURL = Pattern
            .compile("^curl -sN? \\$API(\\S+)(?: -H (?:\"[^\"]*\"|'[^']*'))*(?: -d '([^']*)')?", Pattern.MULTILINE);
    private static final String PORT_OF_THE_PAGE = "8030";

    private final int port = StandaloneProcess.freePort();
    private final Path logs = StandaloneProcess.newFolder();

    /** A {@code curl} of the page. */
    private record Request(String path, Optional<String> body) {
        static List<Request> in(String block) {
            return CURL.matcher(block).results().map(Request::of).toList();
        }

        private static Request of(MatchResult curl) {
            return new Request(curl.group(1), Optional.ofNullable(curl.group(2)));
        }

        void send(BatonClient baton, int status) {
            baton.post(path, body.orElseThrow()).expect(status);
        }
    }

    @Test
    @DisplayName("issue 6: the quick start works as it is typed, and goes on after the agent was killed and started again")
    void theQuickStartWorksAsItIsTyped(@TempDir Path folder, @TempDir Path temporary) throws IOException {
        // Given
        List<String> blocks = blocksOfThePage();
        List<String> commands = blocks.get(1).lines().toList();
        List<Request> requests = Request.in(blocks.get(2));
        assertEquals(List.of(4, 2, 2), List.of(blocks.size(), commands.size(), requests.size()));
        Files.writeString(folder.resolve("Parrot.java"), blocks.getFirst());
        BatonClient baton = new BatonClient(URI.create("http://127.0.0.1:" + port), keyIn(blocks.get(2)));
        Map<String, String> options = Map.of("BATON_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        try (ChildJvm standalone = typed(commands.getFirst() + " --port " + port, ROOT, options)) {
            standalone.awaitLine(("READY " + baton.url())::equals, Patience.START);

            // When
            try (ChildJvm agent = typed(commands.getLast(), folder, Map.of())) {
                requests.getFirst().send(baton, 201);
                agent.awaitLine("a new chat: chat-1"::equals, Patience.TURN);
                try (SseConnection out = baton.stream(requests.getLast().path(), "Timeout-Seconds", "120")) {
                    String first = lastOf(1, out);
                    agent.kill();
                    try (ChildJvm again = typed(commands.getLast(), folder, Map.of())) {
                        Request.in(blocks.getLast()).getFirst().send(baton, 200);
                        String second = lastOf(2, out);

                        // Then
                        assertEquals("You said: hello there", first);
                        assertEquals("You said: are you back", second);
                        assertEquals(List.of(), again.standardOutput().stream()
                                .filter(line -> line.startsWith("a new chat")).toList());
                    }
                }
            }
        }
    }

    private static String lastOf(int turns, SseConnection out) {
        return Turn.of(out.awaitTurns(turns, Patience.TURN)).getLast().text();
    }

    private List<String> blocksOfThePage() throws IOException {
        String page = Files.readString(ROOT.resolve("docs").resolve("AGENTS.md"));
        Matcher section = SECTION.matcher(page);
        assertTrue(section.find(), "a section 'Quick start'");
        return BLOCK.matcher(section.group()).results()
                .map(block -> block.group(1).replace(PORT_OF_THE_PAGE, Integer.toString(port))).toList();
    }

    private static String keyIn(String block) {
        Matcher key = Pattern.compile("KEY=(\\w+);").matcher(block);
        assertTrue(key.find(), block);
        return key.group(1);
    }

    /** In the shell of somebody whose Java is the one of this test. */
    private ChildJvm typed(String commandLine, Path folder, Map<String, String> options) {
        String javaHome = System.getProperty("java.home");
        Map<String, String> environment = new HashMap<>(options);
        environment.put("BATON", ROOT.toString());
        environment.put("BATON_JAVA_HOME", javaHome);
        environment.put("PATH", Path.of(javaHome, "bin") + File.pathSeparator + System.getenv("PATH"));
        return ChildJvm.type(commandLine, folder, environment, logs.resolve("output.log"));
    }
}
