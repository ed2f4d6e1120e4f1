package dev.baton.agent.langchain4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialToolCall;

import dev.baton.agent.chat.AnswerStream;
import dev.baton.agent.chat.FinishReason;
import dev.baton.agent.chat.History;
import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.chat.Turn;

/** One turn of a {@link ModelLoop}: its steps, and what is known between them. Used by the run's thread only. */
final class ModelTurn {
    private final ModelLoop loop;
    private final Turn<?> turn;
    private final AnswerStream answer;
    /** The message this turn goes on with: after a person has answered its calls, or because the run that wrote it has died. */
    private final Optional<ObjectNode> begun;
    private final CallIds callIds;
    /** What this turn has added to the conversation, as the model was told and said it. */
    private final List<ChatMessage> added = new ArrayList<>();
    private final Set<String> takenAlong = new HashSet<>();
    private Usage usage;

    ModelTurn(ModelLoop loop, Turn<?> turn) {
        this.loop = loop;
        this.turn = turn;
        this.answer = turn.answer();
        this.begun = turn.partial().or(() -> turn.history().message(answer.messageId()));
        this.callIds = new CallIds(begun.map(History::toolCalls).orElse(List.of()));
        this.usage = begun.map(Usage::of).orElse(Usage.NONE);
    }

    void answer() throws Exception {
        Map<String, ToolExecutionResultMessage> settled = begun.isPresent()
                ? loop.tools().settle(begun.get(), answer)
                : Map.of();
        finish(waits(settled) ? FinishReason.TOOL_CALLS : steps(settled));
    }

    /** Whether people have answered only some of the calls. */
    private boolean waits(Map<String, ToolExecutionResultMessage> settled) {
        return begun.map(History::toolCalls).orElse(List.of()).stream().anyMatch(call -> call.waits()
                || call.state() == ToolCall.State.APPROVED && !settled.containsKey(call.id()));
    }

    private FinishReason steps(Map<String, ToolExecutionResultMessage> settled) throws Exception {
        for (int step = 1; step <= loop.maxSteps(); step++) {
            if (step > 1) {
                betweenSteps();
            }
            ChatResponse response = ask(messages(settled));
            usage = usage.plus(response.tokenUsage());
            if (!response.aiMessage().hasToolExecutionRequests()) {
                return reason(response);
            }
            if (!execute(response.aiMessage())) {
                return FinishReason.TOOL_CALLS;
            }
        }
        return FinishReason.TOOL_CALLS;
    }

    private void betweenSteps() throws Exception {
        answer.nextStep();
        turn.compactIfDue();
        if (loop.steerable()) {
            List<ObjectNode> taken = turn.takePendingMessages();
            taken.forEach(message -> takenAlong.add(message.path("id").asText()));
            added.addAll(ModelMessages.of(taken, Map.of()));
        }
    }

    private List<ChatMessage> messages(Map<String, ToolExecutionResultMessage> settled) {
        List<ObjectNode> context = new ArrayList<>(turn.context());
        // The model has heard these in their place, behind the steps before them.
        context.removeIf(message -> takenAlong.contains(message.path("id").asText()));
        List<ChatMessage> messages = new ArrayList<>();
        loop.system().ifPresent(text -> messages.add(SystemMessage.from(text)));
        messages.addAll(ModelMessages.of(begun.map(new History(context)::with).orElse(new History(context)).messages(),
                settled));
        messages.addAll(added);
        return messages;
    }

    private ChatResponse ask(List<ChatMessage> messages) throws InterruptedException {
        ChatRequest request = ChatRequest.builder().messages(messages)
                .toolSpecifications(loop.tools().specifications()).build();
        callIds.nextStep();
        try (ModelStream stream = ModelStream.open(loop.model(), request, turn.stopSignal())) {
            while (true) {
                switch (stream.next(loop.silenceMax())) {
                    case ModelEvent.Text(String delta) -> answer.text(delta);
                    case ModelEvent.Reasoning(String delta) -> answer.reasoning(delta);
                    case ModelEvent.ToolInput(PartialToolCall call) -> write(call);
                    case ModelEvent.Complete(ChatResponse response) -> {
                        return response;
                    }
                    case ModelEvent.Failed(RuntimeException error) -> throw error;
                    case ModelEvent.Failed(Throwable error) ->
                        throw new IllegalStateException("expected the model to answer, but it failed", error);
                }
            }
        }
    }

    private void write(PartialToolCall call) throws InterruptedException {
        if (call.id() == null || call.id().isEmpty()) {
            // It gets its id when it is complete.
            return;
        }
        if (!callIds.isStreaming(call.id())) {
            answer.toolInputStart(callIds.streaming(call.id()), call.name());
        }
        answer.toolInputDelta(callIds.streaming(call.id()), call.partialArguments());
    }

    /** Returns whether all calls have a result. */
    private boolean execute(AiMessage said) throws InterruptedException {
        List<ToolExecutionRequest> calls = new ArrayList<>();
        List<ToolExecutionResultMessage> results = new ArrayList<>();
        for (ToolExecutionRequest request : said.toolExecutionRequests()) {
            ToolExecutionRequest call = ToolExecutionRequest.builder().id(callIds.complete(request.id()))
                    .name(request.name()).arguments(request.arguments()).build();
            loop.tools().call(call, answer).ifPresent(results::add);
            calls.add(Toolbox.readable(call));
        }
        added.add(said.toBuilder().toolExecutionRequests(calls).build());
        added.addAll(results);
        return results.size() == calls.size();
    }

    private void finish(FinishReason reason) {
        answer.finishReason(reason);
        usage.metadata().ifPresent(answer::metadata);
    }

    private static FinishReason reason(ChatResponse response) {
        return switch (response.finishReason()) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
            case TOOL_EXECUTION -> FinishReason.TOOL_CALLS;
            case OTHER -> FinishReason.OTHER;
            case null -> FinishReason.OTHER;
        };
    }
}
