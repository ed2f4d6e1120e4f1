package dev.baton.system;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.agent.Worker;
import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.History;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.StandaloneProcess;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A server that is away while an agent writes (issue 6 item 5). {@code -Dbaton.server.lost.seconds=30} is the long form.
 */
class LostServerTest {
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("baton.server.lost.seconds", 4));
    private static final int WORDS = 400;

    @Test
    @DisplayName("issue 6: a server that stands still costs an answer nothing, and the model goes on writing meanwhile")
    void aServerThatStandsStillCostsNothing() throws Exception {
        // Given
        AtomicInteger written = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        ChatAgent<?> agent = ChatAgent.builder(Chat.AGENT).run(turn -> {
            int said = turn.partial().map(History::text).orElse("").split(" ").length - 1;
            for (int word = said + 1; word <= WORDS; word++) {
                turn.answer().text(" " + word);
                written.set(word);
                if (word == WORDS / 4) {
                    turn.answer().flush();
                    begun.countDown();
                    turn.pause(Duration.ofMillis(200));
                }
            }
        }).build();
        try (StandaloneProcess standalone = StandaloneProcess.startWithoutDemo(new EmbeddedBroker());
                Worker worker = agent.worker(standalone.url().toString(), BatonClient.SECRET_KEY).build()) {
            worker.start();
            Chat chat = Chat.startWith(standalone.client(), "count");
            begun.await();

            // When
            standalone.process().pause();
            CompletableFuture<Void> back = CompletableFuture.runAsync(standalone.process()::resume,
                    CompletableFuture.delayedExecutor(AWAY.toMillis(), TimeUnit.MILLISECONDS));
            await().atMost(AWAY.dividedBy(2)).until(() -> written.get() == WORDS);

            // Then
            back.get();
            chat.turns(1);
            List<String> transcript = chat.baton().get(chat.sessionPath("/transcript")).expect(200).json()
                    .path("messages").valueStream().map(message -> message.path("parts").valueStream()
                            .map(part -> part.path("text").asText()).collect(Collectors.joining()))
                    .toList();
            assertEquals(List.of("count", counted()), transcript);
            System.out.printf("server away for %d s: %d words written meanwhile, all there, once; runs: %s%n",
                    AWAY.toSeconds(), WORDS - WORDS / 4, chat.runs().stream().map(run -> run.path("outcome").asText())
                            .toList());
        }
    }

    private static String counted() {
        return IntStream.rangeClosed(1, WORDS).mapToObj(n -> " " + n).collect(Collectors.joining());
    }
}
