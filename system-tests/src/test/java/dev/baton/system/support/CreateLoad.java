package dev.baton.system.support;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import static org.awaitility.Awaitility.await;

/** A few clients that create sessions without a pause, until they are closed; a server that dies under them is no failure. */
public final class CreateLoad implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final int CREATED = 201;

    private final BatonClient baton;
    private final Set<String> acknowledged;
    private final int before;
    private final List<Thread> clients;
    private volatile boolean closed;

    private CreateLoad(BatonClient baton, Set<String> acknowledged) {
        this.baton = baton;
        this.acknowledged = acknowledged;
        this.before = acknowledged.size();
        this.clients = IntStream.range(0, CLIENTS).mapToObj(_ -> Thread.ofVirtual().start(this::run)).toList();
    }

    /** @param acknowledged gets the externalId of each session whose creation was answered; safe for all threads */
    public static CreateLoad on(BatonClient baton, Set<String> acknowledged) {
        return new CreateLoad(baton, acknowledged);
    }

    public void awaitAnother(int creates, Duration patience) {
        await().atMost(patience).until(() -> acknowledged.size() >= before + creates);
    }

    private void run() {
        while (!closed) {
            String chat = Chat.newChatId();
            try {
                if (baton.post("/api/v1/sessions", "{\"type\":\"chat.agent\",\"externalId\":\"" + chat
                        + "\",\"taskIdentifier\":\"nobody\",\"triggerConfig\":{\"basePayload\":{}}}")
                        .status() == CREATED) {
                    acknowledged.add(chat);
                }
            } catch (UncheckedIOException _) {
                // Killed: whether it was created is not known.
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while clients end", e);
            }
        }
    }
}
