package dev.baton.system.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import dev.baton.wire.json.WireJson;

/** What happened, as a file of JSON lines that outlives the test: who was hit, what clients were told. Thread-safe. */
final class History implements AutoCloseable {
    private final Path file;
    private final PrintWriter lines;

    private History(Path file) throws IOException {
        this.file = file;
        this.lines = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), true);
    }

    /** Under this module's build folder. */
    static History open(String name) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "histories").toAbsolutePath());
            return new History(folder.resolve(name + ".ndjson"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param who a member or a conversation */
    synchronized void note(String who, String what, Object detail) {
        lines.println(WireJson.MAPPER.createObjectNode().put("at", Instant.now().toString()).put("who", who)
                .put("what", what).put("detail", String.valueOf(detail)));
    }

    @Override
    public String toString() {
        return file.toString();
    }

    @Override
    public synchronized void close() {
        lines.close();
    }
}
