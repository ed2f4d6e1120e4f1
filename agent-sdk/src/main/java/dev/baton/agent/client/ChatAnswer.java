package dev.baton.agent.client;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.Session;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.history.ConversationFold;

/**
 * One turn as it arrives, up to its turn-complete. To be read once, by one thread, as chunks, as its result, or by a
 * subscriber. Lost connections are replaced, so a crash of the agent or a hand-over is a pause and no end.
 */
public final class ChatAnswer implements AutoCloseable {
    private static final String SESSION_CLOSED = "session-closed";

    private final OutStream stream;
    private final long sinceInSeq;
    private final LongConsumer seen;
    private final Consumer<String> tokens;
    private final Flow.Publisher<ChatChunk> publisher = Pulled.publisher(this::next, this::close);
    private ConversationFold fold = new ConversationFold(List.of());
    private Optional<ChatChunk> ahead = Optional.empty();
    private Optional<String> error = Optional.empty();
    private boolean stopped;
    private boolean sessionClosed;
    private boolean over;

    /**
     * @param sinceInSeq seq of the message that is to be answered: turns before it are not this one; −1 for any turn
     * @param seen is told each seq that was read
     * @param tokens is told each token that came
     */
    ChatAnswer(OutStream stream, long sinceInSeq, LongConsumer seen, Consumer<String> tokens) {
        this.stream = stream;
        this.sinceInSeq = sinceInSeq;
        this.seen = seen;
        this.tokens = tokens;
    }

    /**
     * The next chunk, waiting for it; empty when the turn is over. While the agent is still busy with messages that were sent
     * before, their chunks come first.
     *
     * @throws ChatInterruptedException when the server cannot be reached for long
     */
    public Optional<ChatChunk> next() throws InterruptedException {
        Optional<ChatChunk> chunk = ahead.isPresent() ? ahead : read();
        ahead = Optional.empty();
        return chunk;
    }

    /** Waits for the first chunk; false when there is none. */
    boolean isUnderWay() throws InterruptedException {
        ahead = next();
        return ahead.isPresent();
    }

    private Optional<ChatChunk> read() throws InterruptedException {
        while (!over) {
            Optional<LogRecord> record = stream.next();
            if (record.isEmpty()) {
                over = true;
            } else {
                seen.accept(record.get().seq());
                if (record.get().header(ChannelRecord.CONTROL).isPresent()) {
                    control(record.get());
                } else if (record.get().data().isObject()) {
                    note(record.get().data());
                    return Optional.of(ChatChunk.of(record.get().data()));
                }
            }
        }
        return Optional.empty();
    }

    /** Hands on all chunks that are left. */
    public void forEach(Consumer<ChatChunk> sink) throws InterruptedException {
        for (Optional<ChatChunk> chunk = next(); chunk.isPresent(); chunk = next()) {
            sink.accept(chunk.get());
        }
    }

    /** Reads to the end of the turn. */
    public ChatResult result() throws InterruptedException {
        forEach(_ -> {});
        Optional<ObjectNode> message = fold.messages().stream().reduce((_, last) -> last);
        String text = message.stream().flatMap(each -> each.path("parts").valueStream())
                .filter(part -> part.path("type").asText().equals("text")).map(part -> part.path("text").asText())
                .collect(Collectors.joining());
        return new ChatResult(message, text, stopped, error, sessionClosed);
    }

    /** The text of {@link #result()}. */
    public String text() throws InterruptedException {
        return result().text();
    }

    /**
     * The chunks for one subscriber, read by a virtual thread as the subscriber asks for them. Cancelling ends the reading
     * and not the turn.
     */
    public Flow.Publisher<ChatChunk> publisher() {
        return publisher;
    }

    private void control(LogRecord record) {
        if (record.isControl(ChannelRecord.SESSION_CLOSED)) {
            sessionClosed = true;
            over = true;
        } else if (record.isControl(ChannelRecord.TURN_COMPLETE)) {
            fold.completeTurn();
            record.header(ChannelRecord.PUBLIC_ACCESS_TOKEN).ifPresent(tokens);
            sessionClosed = record.header(SESSION_CLOSED).filter("true"::equals).isPresent();
            if (isOurs(record)) {
                over = true;
                close();
            } else {
                fold = new ConversationFold(List.of());
                error = Optional.empty();
                stopped = false;
            }
        }
    }

    private boolean isOurs(LogRecord turnComplete) {
        return sinceInSeq == Session.FROM_START || turnComplete.header(ChannelRecord.SESSION_IN_EVENT_ID)
                .map(seq -> Long.parseLong(seq) >= sinceInSeq).orElse(true);
    }

    private void note(JsonNode chunk) {
        fold.chunk(chunk);
        switch (chunk.path("type").asText()) {
            case "error" -> error = Optional.of(chunk.path("errorText").asText());
            case "abort" -> stopped = true;
            // Chunk types are open-ended; the others are parts of the message.
            default -> {
            }
        }
    }

    /** Stops reading; the turn goes on without us, and {@link AgentChat#reconnect} comes back to it. */
    @Override
    public void close() {
        stream.close();
    }
}
