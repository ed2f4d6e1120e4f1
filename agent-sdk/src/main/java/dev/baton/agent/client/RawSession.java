package dev.baton.agent.client;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.Session;
import dev.baton.wire.json.WireJson;

/**
 * A session of any task from the outside: records go in, records come out (features #98, #129). Who keeps the external id and the
 * {@link #cursor()} goes on elsewhere. One thread reads at a time; {@link #close} may come from others.
 */
public final class RawSession implements AutoCloseable {
    private static final String TYPE = "task";

    private final SessionCalls calls;
    private final String externalId;
    private final OutStream out;
    private final Flow.Publisher<LogRecord> publisher = Pulled.publisher(this::next, () -> {});
    private volatile long cursor;

    private RawSession(String baseUrl, String bearer, String externalId, long cursor) {
        this.calls = new SessionCalls(baseUrl, bearer, externalId);
        this.externalId = externalId;
        this.cursor = cursor;
        this.out = calls.records(cursor);
    }

    /**
     * Begins a session with a first run, or finds the one that has this id.
     *
     * @param task which task serves it
     * @param externalId the caller's name for it
     * @param payload what its runs get; an object
     */
    public static RawSession start(String baseUrl, String secretKey, String task, String externalId, Object payload)
            throws InterruptedException {
        RawSession session = new RawSession(baseUrl, secretKey, externalId, Session.FROM_START);
        ObjectNode body = WireJson.MAPPER.createObjectNode().put("type", TYPE).put("externalId", externalId)
                .put("taskIdentifier", task);
        body.putObject("triggerConfig").set("basePayload", WireJson.MAPPER.valueToTree(payload));
        session.calls.create(body);
        return session;
    }

    /**
     * A session that is there.
     *
     * @param bearer secret key, or a token of the session
     * @param cursor where reading goes on: {@link #cursor()}, −1 for the beginning
     */
    public static RawSession open(String baseUrl, String bearer, String externalId, long cursor) {
        return new RawSession(baseUrl, bearer, externalId, cursor);
    }

    /** A name that no other session has. */
    public static String newExternalId() {
        return UUID.randomUUID().toString();
    }

    public String externalId() {
        return externalId;
    }

    /** The seq of the last record that was read; −1 for none. */
    public long cursor() {
        return cursor;
    }

    /**
     * Sends a record to whatever run serves the session, now or later.
     *
     * @return its seq
     * @throws SessionClosedException when the session is closed
     */
    public long send(JsonNode record) throws InterruptedException {
        return calls.append(record);
    }

    /**
     * The next record of {@code .out}; waits for it, over any number of connections.
     *
     * @return empty when this was closed
     * @throws ChatInterruptedException when the server cannot be reached for long
     */
    public Optional<LogRecord> next() throws InterruptedException {
        Optional<LogRecord> record = out.next();
        record.ifPresent(read -> cursor = read.seq());
        return record;
    }

    /** The records from the cursor on for one subscriber, read as it asks for them. Cancelling ends the reading. */
    public Flow.Publisher<LogRecord> publisher() {
        return publisher;
    }

    /** Ends the session for good; what is on its channels stays readable. */
    public void closeSession(String reason) throws InterruptedException {
        calls.closeSession(reason);
    }

    /** Ends connections. The session goes on without us. */
    @Override
    public void close() {
        out.close();
        calls.close();
    }
}
