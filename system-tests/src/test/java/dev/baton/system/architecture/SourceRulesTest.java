package dev.baton.system.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.architecture.SourceFiles.SourceFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** The limits of docs/CONTRIBUTING.md that a formatter cannot see, checked on the sources of every module. */
class SourceRulesTest {
    private static final int METHOD_LINES_MAX = 70;
    private static final int FILE_LINES_MAX = 500;
    private static final Pattern EMPTY_NAME = Pattern.compile(".*(Manager|Helper|Utils?|Impl|Base|V2)");
    private static final Pattern LEFT_OVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final List<SourceFile> SOURCES = SourceFiles.all();

    @Test
    @DisplayName("the rules below look at something")
    void thereAreSources() {
        assertFalse(SOURCES.size() < 50, "expected the sources of all modules, but found " + SOURCES.size());
    }

    @Test
    @DisplayName("house 13: no file is longer than 500 lines")
    void filesAreShort() {
        List<String> offences = new ArrayList<>();
        for (SourceFile source : SOURCES) {
            int lines = source.lines().size();
            if (lines > FILE_LINES_MAX) {
                offences.add(source.path() + ": " + lines + " lines");
            }
        }
        assertNone(offences);
    }

    @Test
    @DisplayName("house 13: no method is longer than 70 lines")
    void methodsAreShort() {
        assertNone(offences((source, offences) -> new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void unused) {
                long start = source.positions().getStartPosition(source.tree(), method);
                long end = source.positions().getEndPosition(source.tree(), method);
                long lines = end < 0 ? 0 : source.line(end) - source.line(start) + 1;
                if (lines > METHOD_LINES_MAX) {
                    offences.add(source.path() + ": " + method.getName() + " has " + lines + " lines");
                }
                return super.visitMethod(method, null);
            }
        }.scan(source.tree(), null)));
    }

    @Test
    @DisplayName("house 15: a class is named after the thing it is")
    void classNamesSayWhatTheThingIs() {
        assertNone(offences((source, offences) -> new TreeScanner<Void, Void>() {
            @Override
            public Void visitClass(ClassTree type, Void unused) {
                if (EMPTY_NAME.matcher(type.getSimpleName()).matches()) {
                    offences.add(source.path() + ": " + type.getSimpleName());
                }
                return super.visitClass(type, null);
            }
        }.scan(source.tree(), null)));
    }

    @Test
    @DisplayName("no import is unused")
    void importsAreUsed() {
        List<String> offences = new ArrayList<>();
        for (SourceFile source : SOURCES) {
            for (ImportTree imported : source.tree().getImports()) {
                String name = ((MemberSelectTree) imported.getQualifiedIdentifier()).getIdentifier().toString();
                if (!name.equals("*") && !mentionedOutsideImports(source, name)) {
                    offences.add(source.path() + ": " + name);
                }
            }
        }
        assertNone(offences);
    }

    @Test
    @DisplayName("nothing is marked as left for later")
    void nothingIsLeftForLater() {
        List<String> offences = new ArrayList<>();
        for (SourceFile source : SOURCES) {
            List<String> lines = source.lines();
            for (int i = 0; i < lines.size(); i++) {
                if (LEFT_OVER.matcher(lines.get(i)).find()) {
                    offences.add(source.path() + ":" + (i + 1));
                }
            }
        }
        assertNone(offences);
    }

    @Test
    @DisplayName("house 26: tests wait on conditions, they do not sleep")
    void testsDoNotSleep() {
        assertNone(offences((source, offences) -> new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
                if (source.test() && call.getMethodSelect() instanceof MemberSelectTree select
                        && select.getIdentifier().contentEquals("sleep")) {
                    offences.add(source.path() + ":"
                            + source.line(source.positions().getStartPosition(source.tree(), call)));
                }
                return super.visitMethodInvocation(call, null);
            }
        }.scan(source.tree(), null)));
    }

    private static List<String> offences(BiConsumer<SourceFile, List<String>> rule) {
        List<String> found = new ArrayList<>();
        SOURCES.forEach(source -> rule.accept(source, found));
        return found;
    }

    /** Javadoc counts: a link needs its import. */
    private static boolean mentionedOutsideImports(SourceFile source, String name) {
        Pattern word = Pattern.compile("\\b" + Pattern.quote(name) + "\\b");
        return source.lines().stream().filter(line -> !line.startsWith("import "))
                .anyMatch(line -> word.matcher(line).find());
    }

    private static void assertNone(List<String> offences) {
        assertEquals(List.of(), offences, String.join("\n", offences));
    }
}
