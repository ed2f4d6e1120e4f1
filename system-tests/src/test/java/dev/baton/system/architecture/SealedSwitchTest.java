package dev.baton.system.architecture;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** House 5: a switch over a sealed type names every case, so that a new one does not compile. */
class SealedSwitchTest {
    /** Switches that were looked at, so that the rule cannot pass by seeing nothing. */
    private int switches;
    private final List<String> offences = new ArrayList<>();

    @Test
    @DisplayName("house 5: no default label in a switch over a sealed type")
    void switchesOverSealedTypesNameEveryCase() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, files, problems,
                    List.of("-proc:none", "-classpath", withoutOurOwnMainClasses()), null,
                    files.getJavaFileObjectsFromPaths(SourceFiles.mainFiles()));
            Iterable<? extends CompilationUnitTree> units = task.parse();
            task.analyze();
            units.forEach(unit -> new SwitchScanner(Trees.instance(task)).scan(unit, null));
        }
        assertEquals(List.of(), problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR).map(Object::toString).toList());
        assertEquals(List.of(), offences, String.join("\n", offences));
        assertTrue(switches > 10, "expected switches over sealed types, but saw " + switches);
    }

    /** The sources themselves bring these classes; stale ones from the local repository could differ. */
    private static String withoutOurOwnMainClasses() {
        Path repository = SourceFiles.repository();
        return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .filter(entry -> !Path.of(entry).startsWith(repository) && !entry.contains("dev" + File.separator
                        + "baton" + File.separator))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private final class SwitchScanner extends TreePathScanner<Void, Void> {
        private final Trees trees;

        private SwitchScanner(Trees trees) {
            this.trees = trees;
        }

        @Override
        public Void visitSwitch(SwitchTree tree, Void unused) {
            check(tree.getExpression(), tree.getCases());
            return super.visitSwitch(tree, null);
        }

        @Override
        public Void visitSwitchExpression(SwitchExpressionTree tree, Void unused) {
            check(tree.getExpression(), tree.getCases());
            return super.visitSwitchExpression(tree, null);
        }

        private void check(ExpressionTree selector, List<? extends CaseTree> cases) {
            TypeMirror type = trees.getTypeMirror(new TreePath(getCurrentPath(), selector));
            if (!(type instanceof DeclaredType declared)
                    || !declared.asElement().getModifiers().contains(Modifier.SEALED)) {
                return;
            }
            switches++;
            boolean hasDefault = cases.stream().flatMap(each -> each.getLabels().stream())
                    .anyMatch(DefaultCaseLabelTree.class::isInstance);
            if (hasDefault) {
                CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
                long line = unit.getLineMap()
                        .getLineNumber(trees.getSourcePositions().getStartPosition(unit, selector));
                offences.add(unit.getSourceFile().getName() + ":" + line + ": default over " + declared);
            }
        }
    }
}
