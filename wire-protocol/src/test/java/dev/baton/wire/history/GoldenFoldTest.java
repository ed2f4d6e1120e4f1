package dev.baton.wire.history;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The fold against what the npm package {@code ai} made of the same chunks (design D9): cases chosen by hand, and a corpus of
 * random streams with its answers. {@code interop/README.md} says how both are written again.
 */
class GoldenFoldTest {
    @TestFactory
    Stream<DynamicTest> everyGoldenCaseFoldsAsTheNpmReducerDoes() throws IOException {
        return cases("/fold/golden.json").stream()
                .map(golden -> DynamicTest.dynamicTest(golden.path("name").asText(), () -> assertFolds(golden)));
    }

    @TestFactory
    Stream<DynamicTest> everyStreamOfTheCorpusFoldsAsTheNpmReducerDoes() throws IOException {
        return cases("/fold/corpus.json").stream()
                .map(golden -> DynamicTest.dynamicTest(golden.path("name").asText(), () -> assertFolds(golden)));
    }

    private static List<JsonNode> cases(String resource) throws IOException {
        try (InputStream in = GoldenFoldTest.class.getResourceAsStream(resource)) {
            List<JsonNode> cases = new ArrayList<>();
            WireJson.MAPPER.readTree(in).path("cases").forEach(cases::add);
            assertTrue(cases.size() > 50,
                    "expected more than 50 cases in " + resource + ", but there were " + cases.size());
            return cases;
        }
    }

    private static void assertFolds(JsonNode golden) {
        // When
        JsonNode folded = ReducedStream.fold((ObjectNode) golden.get("message"), golden.get("chunks"));

        // Then
        assertEquals(CanonicalJson.text(golden.get("expected")), CanonicalJson.text(folded));
    }
}
