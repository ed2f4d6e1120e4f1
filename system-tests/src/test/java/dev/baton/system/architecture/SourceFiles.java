package dev.baton.system.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;

/** The Java sources of all modules, parsed by the JDK's own compiler. */
final class SourceFiles {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /**
     * One parsed source file.
     *
     * @param path relative to the repository root
     * @param test whether it is test code
     */
    record SourceFile(Path path, String text, boolean test, CompilationUnitTree tree, SourcePositions positions) {
        List<String> lines() {
            return text.lines().toList();
        }

        /** Line number, from 1, of a position in the text. */
        long line(long position) {
            return tree.getLineMap().getLineNumber(position);
        }
    }

    private SourceFiles() {}

    /** Surefire runs a module's tests with {@code basedir} set to the module; its parent is the repository. */
    static Path repository() {
        Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        Path root = Files.exists(module.resolve("config/eclipse-format.xml")) ? module : module.getParent();
        if (!Files.exists(root.resolve("config/eclipse-format.xml"))) {
            throw new IllegalStateException("expected the repository above " + module + ", but found no config folder");
        }
        return root;
    }

    /** All source files of all modules, main and test. */
    static List<SourceFile> all() {
        Path root = repository();
        return modules(root).flatMap(module -> javaFiles(module.resolve("src")).stream()).map(path -> parse(root, path))
                .toList();
    }

    static List<Path> mainFiles() {
        return modules(repository()).flatMap(module -> javaFiles(module.resolve("src/main/java")).stream()).toList();
    }

    private static Stream<Path> modules(Path root) {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(entry -> Files.exists(entry.resolve("pom.xml"))).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> javaFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile parse(Path root, Path file) {
        try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, Locale.ROOT, null)) {
            JavacTask task = (JavacTask) COMPILER.getTask(null, files, null, List.of("-proc:none"), null,
                    files.getJavaFileObjects(file));
            CompilationUnitTree tree = task.parse().iterator().next();
            Path relative = root.relativize(file);
            return new SourceFile(relative, Files.readString(file), relative.toString().contains("/src/test/"), tree,
                    Trees.instance(task).getSourcePositions());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
