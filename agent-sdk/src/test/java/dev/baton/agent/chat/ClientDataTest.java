package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

@Timeout(30)
class ClientDataTest {
    private final List<User> atBoot = new ArrayList<>();
    private final List<ChatEvent.TurnComplete<User>> complete = new ArrayList<>();

    record User(@JsonProperty(required = true) String name, int age) {
        User {
            if (age < 0) {
                throw new IllegalArgumentException("secret rule about " + name);
            }
        }
    }

    private OfflineChat chat() {
        return OfflineChat.with(ChatAgent.builder("typed").clientData(User.class)
                .onBoot(event -> atBoot.add(event.run().clientData()))
                .onTurnComplete(complete::add).run(turn -> turn.answer().text("for " + turn.clientData().name()))
                .build());
    }

    @Test
    @DisplayName("features #75: client data comes with every message, as the declared type")
    void clientDataIsThatOfTheMessage() throws Exception {
        // Given
        try (OfflineChat chat = chat().clientData(new User("ann", 1))) {
            chat.send("hi");

            // When
            OfflineAnswer answer = chat.clientData(new User("bob", 2)).send("again");

            // Then
            assertEquals("for bob", answer.text());
            assertEquals(new User("ann", 1), atBoot.getFirst());
            assertEquals(new User("bob", 2), complete.getLast().run().clientData());
        }
    }

    @Test
    @DisplayName("features #76, #77, #335: client data that does not fit is an error turn, and the chat goes on")
    void clientDataThatDoesNotFitIsAnErrorTurn() throws Exception {
        for (Object misfit : List.of(Map.of("name", "ann", "age", "old"), Map.of("age", 3), Map.of("name", "ann"),
                Map.of("name", "ann", "age", -1), List.of(1))) {
            try (OfflineChat chat = chat().clientData(misfit)) {
                // When
                OfflineAnswer answer = chat.send("hi");

                // Then
                assertEquals(List.of("error", "turn-complete"), answer.outline(), misfit.toString());
                assertEquals("This agent cannot read the client data it was sent.", answer.error().orElseThrow());
                assertInstanceOf(ClientDataException.class, complete.getLast().error().orElseThrow());
                assertNull(complete.getLast().run().clientData());
                assertEquals("for bob", chat.clientData(new User("bob", 2)).send("again").text());
            }
        }
    }

    @Test
    void aMessageWithoutAnyIsToldWhatIsMissing() throws Exception {
        // Given
        try (OfflineChat chat = chat()) {
            // When
            OfflineAnswer answer = chat.send("hi");

            // Then
            assertEquals("This agent expects client data, but there is none.", answer.error().orElseThrow());
        }
    }

    @Test
    @DisplayName("features #186: a recovered message keeps its own client data")
    void recoveredMessagesKeepTheirOwn() throws Exception {
        // Given
        List<String> served = new ArrayList<>();
        ChatAgent<User> agent = ChatAgent.builder("typed").clientData(User.class).run(turn -> {
            if (turn.run().generation() == 1) {
                turn.answer().text("begun ");
                turn.answer().flush();
                turn.pause(java.time.Duration.ofMinutes(1));
            }
            served.add(turn.userText() + " for " + turn.clientData().name());
        }).build();
        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.clientData(new User("ann", 1)).post("one");
            chat.awaitText("begun");
            chat.clientData(new User("bob", 2)).post("two");

            // When
            chat.crash();
            chat.awaitQuiet();

            // Then
            assertEquals(List.of("one for ann", "two for bob"), served);
        }
    }

    @Test
    void withoutADeclaredTypeAnyJsonIsTakenAndNothingIsAnEmptyObject() throws Exception {
        // Given
        try (OfflineChat chat = OfflineChat.with(
                ChatAgent.builder("any").run(turn -> turn.answer().text(turn.clientData().toString())).build())) {
            // When
            String without = chat.send("hi").text();
            String with = chat.clientData(List.of(1, 2)).send("hi").text();

            // Then
            assertEquals("{}", without);
            assertEquals("[1,2]", with);
        }
    }

    @Test
    void theTypeComesBeforeTheHooks() {
        // Given
        ChatAgent.Builder<?> builder = ChatAgent.builder("late").run(_ -> {});

        // When
        IllegalStateException refusal = assertThrows(IllegalStateException.class,
                () -> builder.clientData(User.class));

        // Then
        assertEquals("expected clientData(User.class) before the first hook, but there are hooks already: call it right"
                + " after builder(…)", refusal.getMessage());
    }
}
