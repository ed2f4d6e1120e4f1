package dev.baton.agent.langchain4j;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.Hook;
import dev.baton.agent.chat.Turn;
import dev.baton.agent.testing.OfflineChat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class ModelStreamTest {
    private static final ChatRequest HELLO = ChatRequest.builder()
            .messages(UserMessage.from("hello")).build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Only a turn has a stop signal. */
    private static void inATurn(Hook<Turn<JsonNode>> code) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (OfflineChat chat = OfflineChat.with(ChatAgent.builder("stream").run(turn -> {
            try {
                code.on(turn);
                done.complete(null);
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        }).build())) {
            chat.send("go");
            done.get(1, TimeUnit.SECONDS);
        }
    }

    /** A model that calls back on a thread of its own, as clients of providers do. */
    private static StreamingChatModel model(Consumer<StreamingChatResponseHandler> speech) {
        return new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                Thread.ofVirtual().start(() -> speech.accept(handler));
            }
        };
    }

    private static ChatResponse response(String text) {
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
    }

    private static final class Handle implements StreamingHandle {
        private final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        @Override
        public boolean isCancelled() {
            return cancelled.getCount() == 0;
        }
    }

    @Test
    void aModelThatIsTooFarAheadWaitsAndNothingIsLost() throws Exception {
        int words = 10 * ModelStream.AHEAD_MAX;
        AtomicInteger said = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(ModelStream.AHEAD_MAX);
        inATurn(turn -> {
            // Given
            StreamingChatModel eager = model(handler -> {
                for (int i = 0; i < words; i++) {
                    handler.onPartialResponse("w" + i);
                    said.incrementAndGet();
                    full.countDown();
                }
                handler.onCompleteResponse(response("all"));
            });
            try (ModelStream stream = ModelStream.open(eager, HELLO, turn.stopSignal())) {
                full.await();

                // When
                int ahead = said.get();
                for (int i = 0; i < words; i++) {
                    assertEquals(new ModelEvent.Text("w" + i), stream.next(PATIENCE));
                    assertTrue(said.get() <= i + 1 + ModelStream.AHEAD_MAX, "said " + said.get() + " at " + i);
                }

                // Then
                assertEquals(ModelStream.AHEAD_MAX, ahead);
                assertTrue(stream.next(PATIENCE).isLast());
            }
        });
    }

    @Test
    void aModelThatWaitsIsLetGoWhenNobodyReadsAnyMore() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        inATurn(turn -> {
            // Given
            CountDownLatch full = new CountDownLatch(ModelStream.AHEAD_MAX);
            StreamingChatModel eager = model(handler -> {
                for (int i = 0; i < 2 * ModelStream.AHEAD_MAX; i++) {
                    handler.onPartialResponse("w");
                    full.countDown();
                }
                returned.countDown();
            });
            ModelStream stream = ModelStream.open(eager, HELLO, turn.stopSignal());
            full.await();

            // When
            stream.close();

            // Then
            assertTrue(returned.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        });
    }

    @Test
    void aModelThatSpeaksOnlyAfterTheEndIsCancelledThen() throws Exception {
        Handle handle = new Handle();
        CountDownLatch closed = new CountDownLatch(1);
        inATurn(turn -> {
            // Given
            StreamingChatModel late = model(handler -> {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                handler.onPartialResponse(new PartialResponse("w"), new PartialResponseContext(handle));
            });
            ModelStream stream = ModelStream.open(late, HELLO, turn.stopSignal());

            // When
            stream.close();
            closed.countDown();

            // Then
            assertTrue(handle.cancelled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        });
    }

    @Test
    void aModelThatHasEndedIsLeftAlone() throws Exception {
        Handle handle = new Handle();
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        inATurn(turn -> {
            // Given
            StreamingChatModel model = new StreamingChatModel() {
                @Override
                public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                    handler.onPartialResponse(new PartialResponse("w"), new PartialResponseContext(handle));
                    handler.onCompleteResponse(response("w"));
                    try {
                        interrupted.complete(!closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
                    } catch (InterruptedException _) {
                        interrupted.complete(true);
                    }
                }
            };

            // When
            try (ModelStream stream = ModelStream.open(model, HELLO, turn.stopSignal())) {
                stream.next(PATIENCE);
                stream.next(PATIENCE);
            }

            // Then
            closed.countDown();
            assertFalse(handle.isCancelled());
            assertFalse(interrupted.get());
        });
    }

    @Test
    void aModelThatIsNotReadToTheEndIsCancelledEvenIfItCannotBe() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        inATurn(turn -> {
            // Given
            StreamingHandle unable = new StreamingHandle() {
                @Override
                public void cancel() {
                    asked.countDown();
                    throw new UnsupportedFeatureException("no");
                }

                @Override
                public boolean isCancelled() {
                    return false;
                }
            };
            StreamingChatModel model = model(
                    handler -> handler.onPartialResponse(new PartialResponse("w"), new PartialResponseContext(unable)));
            ModelStream stream = ModelStream.open(model, HELLO, turn.stopSignal());
            stream.next(PATIENCE);

            // When
            stream.close();

            // Then
            assertEquals(0, asked.getCount());
        });
    }
}
