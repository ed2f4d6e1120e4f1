package dev.baton.agent.langchain4j.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;

/**
 * A model that says what it was told to say, for tests of agents and for trying them out. It speaks word by word on the thread
 * that asks. Its input tokens are the messages it was sent, its output tokens the words it said.
 */
public final class ScriptedModel implements StreamingChatModel {
    private final Function<ChatRequest, Reply> script;
    private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private volatile Duration pause = Duration.ZERO;
    private volatile boolean cancelled;

    private ScriptedModel(Function<ChatRequest, Reply> script) {
        this.script = script;
    }

    /** Says these, one per question. One question more is an error of the model. */
    public static ScriptedModel of(Reply... replies) {
        List<Reply> left = new CopyOnWriteArrayList<>(replies);
        return new ScriptedModel(_ -> {
            if (left.isEmpty()) {
                throw new IllegalStateException(
                        "expected at most " + replies.length + " questions to this model, but there is one more");
            }
            return left.removeFirst();
        });
    }

    /** Says what the script makes of the question. */
    public static ScriptedModel answering(Function<ChatRequest, Reply> script) {
        return new ScriptedModel(script);
    }

    /** How long it takes to find the next word; no time unless it is set. */
    public ScriptedModel pause(Duration newPause) {
        pause = newPause;
        return this;
    }

    /** What it was asked, oldest first. */
    public List<ChatRequest> requests() {
        return List.copyOf(requests);
    }

    /** Whether somebody did not let it finish. */
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        requests.add(request);
        Speech speech = new Speech(handler);
        try {
            speech.say(script.apply(request), request.messages().size());
        } catch (InterruptedException _) {
            // Whoever asked is gone.
            cancelled = true;
        }
    }

    /**
     * What the model says to one question. Made by {@link #text} and its kind, and completed by {@code and…}.
     *
     * @param reasoning what it thinks first, or empty
     * @param text or empty
     * @param failure what it throws in the end, or null
     */
    public record Reply(String reasoning, String text, List<ToolExecutionRequest> calls, RuntimeException failure) {
        public static Reply text(String text) {
            return new Reply("", text, List.of(), null);
        }

        public static Reply reasoning(String reasoning) {
            return new Reply(reasoning, "", List.of(), null);
        }

        /** @param input the JSON text of what the tool is called with */
        public static Reply call(String callId, String toolName, String input) {
            return text("").andCall(callId, toolName, input);
        }

        public Reply andText(String more) {
            return new Reply(reasoning, text + more, calls, failure);
        }

        public Reply andCall(String callId, String toolName, String input) {
            ToolExecutionRequest call = ToolExecutionRequest.builder().id(callId).name(toolName).arguments(input)
                    .build();
            return new Reply(reasoning, text, Stream.concat(calls.stream(), Stream.of(
                    call)).toList(), failure);
        }

        public Reply andFailure(RuntimeException error) {
            return new Reply(reasoning, text, calls, error);
        }
    }

    /** One reply on its way. */
    private final class Speech implements StreamingHandle {
        private final StreamingChatResponseHandler handler;
        private int words;

        private Speech(StreamingChatResponseHandler handler) {
            this.handler = handler;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        private void say(Reply reply, int messages) throws InterruptedException {
            for (String word : words(reply.reasoning())) {
                find();
                handler.onPartialThinking(new PartialThinking(word), new PartialThinkingContext(this));
            }
            for (String word : words(reply.text())) {
                find();
                handler.onPartialResponse(new PartialResponse(word), new PartialResponseContext(this));
            }
            for (int i = 0; i < reply.calls().size(); i++) {
                call(i, reply.calls().get(i));
            }
            if (reply.failure() != null) {
                throw reply.failure();
            }
            handler.onCompleteResponse(ChatResponse.builder()
                    .aiMessage(AiMessage.builder().text(reply.text().isEmpty() ? null : reply.text())
                            .thinking(reply.reasoning().isEmpty() ? null : reply.reasoning())
                            .toolExecutionRequests(reply.calls()).build())
                    .finishReason(reply.calls().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_EXECUTION)
                    .tokenUsage(new TokenUsage(messages, words)).build());
        }

        private void call(int index, ToolExecutionRequest call) throws InterruptedException {
            for (String word : words(call.arguments())) {
                find();
                handler.onPartialToolCall(PartialToolCall.builder().index(index).id(call.id()).name(call.name())
                        .partialArguments(word).build(), new PartialToolCallContext(this));
            }
            handler.onCompleteToolCall(new CompleteToolCall(index, call));
        }

        /** Each with the space before it. */
        private static List<String> words(String text) {
            return text.isEmpty() ? List.of() : List.of(text.split("(?= )"));
        }

        private void find() throws InterruptedException {
            words++;
            Thread.sleep(pause);
        }
    }
}
