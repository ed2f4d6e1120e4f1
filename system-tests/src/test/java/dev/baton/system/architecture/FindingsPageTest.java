package dev.baton.system.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.audit.domain.Finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** The kinds of findings in docs/OPERATIONS.md are those of the code. */
class FindingsPageTest {
    @Test
    @DisplayName("house 22: every kind of finding stands in the table of docs/OPERATIONS.md")
    void everyKindIsDocumented() throws IOException {
        // Given
        String page = Files.readString(SourceFiles.repository().resolve("docs/OPERATIONS.md"));
        List<String> kinds = Stream.of(Finding.class.getPermittedSubclasses())
                .flatMap(group -> Stream.of(group.getPermittedSubclasses())).map(FindingsPageTest::kind).toList();

        // When
        List<String> missing = kinds.stream().filter(kind -> !page.contains("`" + kind + "`")).toList();

        // Then
        assertFalse(kinds.isEmpty());
        assertEquals(List.of(), missing);
    }

    /** {@code InGap} is {@code in-gap}; the tests of the audit hold each kind to it. */
    private static String kind(Class<?> finding) {
        return finding.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
