package dev.baton.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.wire.service.SettingsException;

/**
 * The folder where one standalone process keeps everything (design D13): {@code kafka/}, {@code objects/},
 * {@code state/}, the file {@code lock} that holds the process id of its owner, {@code format} with the version of
 * this layout, and while it runs {@code endpoints.properties}. Open means owned: the operating system releases the lock when the process dies, however it dies.
 */
public final class DataFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final String LOCK = "lock";
    private static final String FORMAT = "format";
    private static final String FORMAT_1 = "1";
    private static final int PID_BYTES_MAX = 20;
    private static final int REMOVE_ATTEMPTS = 5;

    private final Path path;
    private final boolean ephemeral;
    private final FileChannel lock;

    private DataFolder(Path path, boolean ephemeral, FileChannel lock) {
        this.path = path;
        this.ephemeral = ephemeral;
        this.lock = lock;
    }

    /**
     * Takes the folder, creating it when it is missing.
     *
     * @throws SettingsException with one line when it cannot be used or another process has it
     */
    public static DataFolder open(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            return take(path, false);
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /** A new folder that {@link #close} removes. */
    public static DataFolder temporary() {
        try {
            return take(Files.createTempDirectory("baton-"), true);
        } catch (IOException e) {
            throw unusable(Path.of(System.getProperty("java.io.tmpdir")), e);
        }
    }

    private static DataFolder take(Path path, boolean ephemeral) throws IOException {
        FileChannel lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            if (!locked(lock)) {
                throw new SettingsException("expected the data folder " + path + " for this process alone, but process "
                        + owner(lock) + " uses it: stop that one or choose another folder with --data");
            }
            write(lock, Long.toString(ProcessHandle.current().pid()));
            checkFormat(path);
            return new DataFolder(path, ephemeral, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Somebody else in this very process.
            return false;
        }
    }

    private static String owner(FileChannel lock) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(PID_BYTES_MAX);
        lock.read(pid, 0);
        String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
        return text.isEmpty() ? "(unknown)" : text;
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(text), 0);
    }

    private static void checkFormat(Path path) throws IOException {
        Path mark = path.resolve(FORMAT);
        if (!Files.exists(mark)) {
            Files.writeString(mark, FORMAT_1 + "\n");
        }
        String format = Files.readString(mark).strip();
        if (!format.equals(FORMAT_1)) {
            throw new SettingsException("expected format " + FORMAT_1 + " of the data folder " + path + ", but it is '"
                    + format + "': a newer Baton wrote it, use that one");
        }
    }

    private static SettingsException unusable(Path path, IOException cause) {
        return new SettingsException("expected a data folder that can be read and written, but " + path + ": "
                + cause.getClass().getSimpleName() + ". Choose another one with --data");
    }

    public Path path() {
        return path;
    }

    /** Of the embedded broker. */
    public Path kafka() {
        return path.resolve("kafka");
    }

    /** Of the embedded object store. */
    public Path objects() {
        return path.resolve("objects");
    }

    /** Local stores of the topologies; can be rebuilt from the broker. */
    public Path state() {
        return path.resolve("state");
    }

    /** Lets go of the folder and, when it is temporary, removes it. */
    @Override
    public void close() {
        try {
            if (ephemeral) {
                remove();
            }
            lock.close();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("could not clean up the data folder {}: {}", path, e.toString());
        }
    }

    /** What stops too slowly may still write a file into a folder that is just being emptied: then once more. */
    private void remove() throws IOException {
        for (int attempt = 1; attempt < REMOVE_ATTEMPTS; attempt++) {
            try {
                removeOnce();
                return;
            } catch (IOException | UncheckedIOException e) {
                LOG.debug("the data folder {} is still in use: {}", path, e.toString());
            }
        }
        removeOnce();
    }

    private void removeOnce() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
