package dev.baton.system.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.wire.service.Setting;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** House 22: the table of settings in docs/OPERATIONS.md says what the code says. */
class SettingsPageTest {
    /** {@code | `KEY` | `default` | purpose |}; the default's cell is empty, or a word without quotes, where there is none. */
    private static final Pattern ROW = Pattern
            .compile("^\\|\\s*`([A-Z][A-Z0-9_]+)`\\s*\\|\\s*(?:`([^`]*)`)?[^|`]*\\|\\s*(.*?)\\s*\\|\\s*$");

    @Test
    @DisplayName("docs/OPERATIONS.md lists every setting with its default, and no other")
    void theSettingsPageMatchesTheCode() throws IOException {
        // Given
        Map<String, String> inCode = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            inCode.put(setting.key(), setting.defaultText());
        }

        // When
        Map<String, String> onPage = new TreeMap<>(rows(SourceFiles.repository().resolve("docs/OPERATIONS.md")));

        // Then
        assertEquals(inCode, onPage);
    }

    private static Map<String, String> rows(Path page) throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(page)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.put(row.group(1), row.group(2) == null ? "" : row.group(2));
            }
        }
        return rows;
    }
}
