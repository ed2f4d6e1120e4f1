package dev.baton.agent.testing;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.agent.chat.History;
import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.session.LogRecord;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.history.ConversationFold;

/**
 * What was written to {@code .out}, by one run or several.
 *
 * @param records data records have a chunk, control records have headers
 */
public record OfflineAnswer(List<LogRecord> records) {
    /** All text, joined; reasoning is none. */
    public String text() {
        return chunks().stream().filter(chunk -> chunk.path("type").asText().equals("text-delta"))
                .map(chunk -> chunk.path("delta").asText()).collect(Collectors.joining());
    }

    public List<JsonNode> chunks() {
        return records.stream().map(LogRecord::data).filter(JsonNode::isObject).toList();
    }

    /** Types of the chunks and subtypes of the control records, in order. */
    public List<String> outline() {
        return records.stream().map(record -> record.header(ChannelRecord.CONTROL)
                .orElseGet(() -> record.data().path("type").asText())).toList();
    }

    /** What clients were told of the first error. */
    public Optional<String> error() {
        return chunks().stream().filter(chunk -> chunk.path("type").asText().equals("error"))
                .map(chunk -> chunk.path("errorText").asText()).findFirst();
    }

    /** The calls of tools that were written and have neither an output nor a refusal yet. */
    public List<ToolCall> waitingToolCalls() {
        ConversationFold fold = new ConversationFold(List.of());
        chunks().forEach(fold::chunk);
        return fold.messages().stream().flatMap(message -> History.toolCalls(message).stream()).filter(ToolCall::waits)
                .toList();
    }

    /** The ids of the messages that were written, each once. */
    public List<String> messageIds() {
        return chunks().stream().filter(chunk -> chunk.has("messageId")).map(chunk -> chunk.path("messageId").asText())
                .distinct().toList();
    }
}
