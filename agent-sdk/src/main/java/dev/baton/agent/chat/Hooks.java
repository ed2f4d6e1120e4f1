package dev.baton.agent.chat;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The code of an agent. What an agent does not have is a hook that does nothing, or absent where its absence matters. */
record Hooks<D>(Hook<Turn<D>> run, Hook<ChatEvent.Boot<D>> onBoot,
        AnsweringHook<ChatEvent.RecoveryBoot<D>, RecoveryPlan> onRecoveryBoot, Hook<ChatEvent.Preload<D>> onPreload,
        AnsweringHook<ChatEvent.ValidateMessages<D>, ObjectNode> onValidateMessages,
        Optional<AnsweringHook<ChatEvent.HydrateMessages<D>, List<ObjectNode>>> hydrateMessages,
        Optional<Hook<ChatEvent.ChatStart<D>>> onChatStart, Hook<ChatEvent.TurnStart<D>> onTurnStart,
        Hook<ChatEvent.BeforeTurnComplete<D>> onBeforeTurnComplete, Hook<ChatEvent.TurnComplete<D>> onTurnComplete,
        Optional<ActionHook<D, ?>> onAction, Optional<Compaction.Rules<D>> compaction,
        Hook<ChatEvent.Compacted<D>> onCompacted, Hook<ChatEvent.Suspend<D>> onChatSuspend,
        Hook<ChatEvent.Resume<D>> onChatResume, Function<? super Exception, String> onError) {
    /** A hook for actions and the type of what it takes. */
    record ActionHook<D, A>(ClientDataType<A> type, Hook<ChatEvent.Action<D, A>> hook) {
        void call(Turn<D> turn, JsonNode action) throws Exception {
            hook.on(new ChatEvent.Action<>(turn, type.read(action, "action data")));
        }
    }
}
