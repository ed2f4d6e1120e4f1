package dev.baton.system.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * docs/PROTOCOL.md and the tests that hold Baton to it. A test cites rules as {@code PROTOCOL 3.5} or, several of them, as
 * {@code PROTOCOL 3.5, 3.6}. What counts are black-box tests: the contract classes, the interop cases, and the route
 * tests that speak HTTP.
 */
class ProtocolPageTest {
    /** {@code 3.5 Text…}: the number at the beginning of a line. */
    private static final Pattern RULE = Pattern.compile("^(\\d+\\.\\d+) \\S.*");
    private static final Pattern CITATION = Pattern.compile("PROTOCOL (\\d+\\.\\d+(?:, \\d+\\.\\d+)*)");
    private static final List<String> BLACK_BOX_FOLDERS = List.of("system-tests/src/test/java/dev/baton/system",
            "ingress-api/src/test/java/dev/baton/ingress/http", "run-orchestrator/src/test/java/dev/baton/run/gateway",
            "interop/cases");
    private static final Pattern BLACK_BOX = Pattern
            .compile("\\w*(Contract|Routes?Test|ServerTest|RateLimitsTest|SlowClientTest)\\.java|[\\w-]+\\.test\\.mjs");

    @Test
    @DisplayName("every rule of docs/PROTOCOL.md is cited by a black-box test, and nothing is cited that is no rule")
    void everyRuleIsCited() {
        // Given
        List<String> rules = rules();

        // When
        Set<String> cited = cited();

        // Then
        assertTrue(rules.size() > 50, () -> "expected rules in docs/PROTOCOL.md, but found " + rules);
        assertEquals(Set.of(), without(rules, cited), "rules that no black-box test cites");
        assertEquals(Set.of(), without(cited, rules), "citations of rules that are not there");
    }

    @Test
    @DisplayName("the rules of a chapter of docs/PROTOCOL.md are counted without a gap")
    void rulesAreCounted() {
        // Given
        List<String> rules = rules();

        // When
        List<String> counted = new ArrayList<>();
        String chapter = "";
        for (String rule : rules) {
            String its = rule.substring(0, rule.indexOf('.'));
            int number = its.equals(chapter) ? Integer.parseInt(counted.getLast().substring(its.length() + 1)) + 1 : 1;
            counted.add(its + "." + number);
            chapter = its;
        }

        // Then
        assertEquals(counted, rules);
    }

    private static List<String> rules() {
        return text(SourceFiles.repository().resolve("docs/PROTOCOL.md")).lines().map(RULE::matcher)
                .filter(Matcher::matches).map(rule -> rule.group(1)).toList();
    }

    private static Set<String> cited() {
        return BLACK_BOX_FOLDERS.stream().flatMap(folder -> blackBoxTests(folder).stream())
                .flatMap(file -> CITATION.matcher(text(file)).results())
                .flatMap(citation -> Stream.of(citation.group(1).split(", ")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> blackBoxTests(String folder) {
        try (Stream<Path> files = Files.list(SourceFiles.repository().resolve(folder))) {
            return files.filter(file -> BLACK_BOX.matcher(file.getFileName().toString()).matches()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> without(Iterable<String> all, Iterable<String> some) {
        Set<String> rest = new TreeSet<>();
        all.forEach(rest::add);
        some.forEach(rest::remove);
        return rest;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
