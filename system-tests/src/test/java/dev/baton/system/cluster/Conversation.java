package dev.baton.system.cluster;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;

/**
 * A person who writes messages of all kinds and repeats each one under its part id until it is acknowledged.
 */
final class Conversation {
    private static final Duration PACE_MAX = Duration.ofMillis(2_500);
    private static final Duration RETRY = Duration.ofMillis(300);

    /**
     * A message that was acknowledged.
     *
     * @param body as it was sent
     */
    record Message(long seq, String partId, String text, String body) {}

    private final BatonClient baton;
    private final String chatId;
    private final History history;
    private final Random random;
    private final List<Message> messages = new ArrayList<>();

    Conversation(BatonClient baton, History history, long seed) {
        this.baton = baton;
        this.history = history;
        this.random = new Random(seed);
        this.chatId = Chat.newChatId();
    }

    String chatId() {
        return chatId;
    }

    /** Talks while the condition holds; returns when the last message is acknowledged. */
    List<Message> talk(BooleanSupplier goingOn) {
        create();
        while (goingOn.getAsBoolean()) {
            say(text());
            pause(random.nextBoolean() ? PACE_MAX : RETRY);
        }
        return messages;
    }

    private void create() {
        String body = Chat.createBody(chatId, null).toString();
        untilAnswered("create", () -> baton.post("/api/v1/sessions", body));
    }

    private String text() {
        String word = "word-" + messages.size() + "-" + chatId.substring(chatId.length() - 4);
        return switch (random.nextInt(10)) {
            case 0 -> "/slow 20";
            case 1 -> "/crash " + word;
            case 2 -> "/exit " + word;
            case 3 -> "/upgrade " + word;
            default -> word + " and a few more words that make an answer of some records";
        };
    }

    private void say(String text) {
        String body = Chat.messageBody(chatId, text);
        String partId = chatId + "-" + messages.size();
        HttpAnswer answer = untilAnswered(partId,
                () -> baton.post(BatonClient.channel(chatId, "in", "/append"), body, "X-Part-Id", partId));
        messages.add(new Message(answer.json().path("seq").longValue(), partId, text, body));
    }

    private interface Call {
        HttpAnswer answer();
    }

    /** Everything but 200 and 201 must be what the protocol calls passing: 503, 429, or no answer at all. */
    private HttpAnswer untilAnswered(String what, Call call) {
        while (true) {
            try {
                HttpAnswer answer = call.answer();
                history.note(what, "answered", answer.status() + " " + answer.body());
                if (answer.status() == 200 || answer.status() == 201) {
                    return answer;
                }
                if (answer.status() != 503 || answer.header("Retry-After").isEmpty()) {
                    throw new AssertionError("expected 200, or 503 with Retry-After, but was " + answer);
                }
            } catch (UncheckedIOException e) {
                history.note(what, "no answer", e.getCause());
            }
            pause(RETRY);
        }
    }

    private void pause(Duration most) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt((int) most.toMillis())));
    }
}
