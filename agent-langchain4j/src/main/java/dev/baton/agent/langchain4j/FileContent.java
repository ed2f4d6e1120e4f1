package dev.baton.agent.langchain4j;

import java.net.URI;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.ImageContent.DetailLevel;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.VideoContent;

/**
 * A file part as a model sees it: images, sounds, videos and PDF as they are, of others that they are there. The address comes
 * from a browser, and some providers' clients fetch it from here: nothing but {@code http:}, {@code https:} and {@code data:}.
 */
final class FileContent {
    private static final String BASE64 = ";base64,";

    private FileContent() {}

    static Content of(JsonNode part) {
        String mediaType = part.path("mediaType").asText();
        Optional<Content> content = switch (mediaType.split("/")[0]) {
            case "image" -> read(part, url -> new ImageContent(url, DetailLevel.AUTO),
                    (data, type) -> new ImageContent(data, type, DetailLevel.AUTO));
            case "audio" -> read(part, AudioContent::new, AudioContent::new);
            case "video" -> read(part, VideoContent::new, VideoContent::new);
            case "application" -> mediaType.equals("application/pdf")
                    ? read(part, PdfFileContent::new, PdfFileContent::new)
                    : Optional.empty();
            default -> Optional.empty();
        };
        return content.orElseGet(() -> TextContent.from("[A file that cannot be shown to you: "
                + part.path("filename").asText("without a name") + ", " + mediaType + "]"));
    }

    private static Optional<Content> read(JsonNode part, Function<URI, Content> byUrl,
            BiFunction<String, String, Content> byData) {
        String url = part.path("url").asText();
        if (url.startsWith("data:")) {
            int data = url.indexOf(BASE64);
            return data < 0 || url.length() == data + BASE64.length()
                    ? Optional.empty()
                    : Optional.of(byData.apply(url.substring(data + BASE64.length()), part.path("mediaType").asText()));
        }
        try {
            return url.startsWith("https:") || url.startsWith("http:")
                    ? Optional.of(byUrl.apply(URI.create(url)))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
