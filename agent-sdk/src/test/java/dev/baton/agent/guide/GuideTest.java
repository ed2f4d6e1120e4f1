package dev.baton.agent.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.History;
import dev.baton.agent.chat.Local;
import dev.baton.agent.chat.RecoveryPlan;
import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.testing.OfflineAnswer;
import dev.baton.agent.testing.OfflineChat;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunReason;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The code of docs/AGENTS.md: every block of the page stands here, in docs/examples or in a test beside, and is run. */
@Timeout(30)
class GuideTest {
    private static final Path DOCS = Path.of("..", "docs");
    /** Needs a server, so it is run where there is one. */
    private static final Path CONTRACTS = Path.of("..", "system-tests", "src", "test", "java", "dev", "baton",
            "system");
    private static final Path MODELS = Path.of("..", "agent-langchain4j", "src", "test", "java", "dev", "baton",
            "agent",
            "langchain4j", "ModelGuideTest.java");
    private static final Pattern BLOCK = Pattern.compile("```.*?```", Pattern.DOTALL);
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    @DisplayName("issue 5: the code of docs/AGENTS.md is compiled and run")
    void everyBlockOfThePageStandsInCodeThatIsRun() throws IOException {
        // Given
        String code = squeezed(Files.readString(Path.of("src/test/java/dev/baton/agent/guide/GuideTest.java"))
                + Files.readString(DOCS.resolve("examples/Parrot.java"))
                + Files.readString(CONTRACTS.resolve("AgentChatContract.java"))
                + Files.readString(CONTRACTS.resolve("SessionTaskContract.java"))
                + Files.readString(MODELS));
        List<String> blocks = JAVA_BLOCK.matcher(Files.readString(DOCS.resolve("AGENTS.md"))).results()
                .map(block -> block.group(1)).toList();

        // When
        List<String> missing = blocks.stream().filter(block -> !code.contains(squeezed(block))).toList();

        // Then
        assertTrue(blocks.size() > 5);
        assertEquals(List.of(), missing);
    }

    @Test
    @DisplayName("issue 6: the ten-line agent of the README is that of docs/AGENTS.md, which is typed in by QuickStartTest")
    void theReadmeHasTheQuickStart() throws IOException {
        // Given
        String page = Files.readString(DOCS.resolve("AGENTS.md"));
        String readme = Files.readString(DOCS.resolve("../README.md"));

        // When
        String section = readme.substring(readme.indexOf("## An agent of your own"), readme.indexOf("## How it flows"));
        List<String> blocks = BLOCK.matcher(section).results().map(MatchResult::group).toList();

        // Then
        assertEquals(2, blocks.size());
        assertEquals("```java\n" + Files.readString(DOCS.resolve("examples/Parrot.java")) + "```", blocks.getFirst());
        assertTrue(page.contains(blocks.getFirst()), blocks.getFirst());
        String command = blocks.getLast().lines().skip(1).findFirst().orElseThrow();
        assertTrue(page.lines().anyMatch(command::equals), command);
    }

    @Test
    void theQuickStartIsCompiled(@TempDir Path classes) {
        // Given
        Path source = DOCS.resolve("examples/Parrot.java");

        // When
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), "--release",
                "25", "-classpath", System.getProperty("java.class.path"), source.toString());

        // Then
        assertEquals(0, status);
    }

    /** The formatter breaks lines as it likes. */
    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    record Shopper(@JsonProperty(required = true) String shop, int basketSize) {}

    @Test
    void clientData() throws Exception {
        ChatAgent<Shopper> agent = ChatAgent.builder("clerk").clientData(Shopper.class)
                .run(turn -> turn.answer().text("Welcome to " + turn.clientData().shop())).build();

        try (OfflineChat chat = OfflineChat.with(agent).clientData(new Shopper("Baker", 2))) {
            assertEquals("Welcome to Baker", chat.send("hi").text());
        }
    }

    @Test
    void otherChunks() throws Exception {
        ChatAgent<JsonNode> agent = ChatAgent.builder("weather").run(turn -> {
            turn.answer().text("Looking it up. ");
            turn.answer().write(WireJson.MAPPER.createObjectNode().put("type", "data-weather").put("data", "rain"));
            turn.answer().text("Take an umbrella.");
        }).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            assertEquals("Looking it up. Take an umbrella.", chat.send("hi").text());
        }
    }

    @Test
    void stop() throws Exception {
        CountDownLatch streaming = new CountDownLatch(1);
        Model model = new Model(streaming);
        ChatAgent<JsonNode> agent = ChatAgent.builder("essayist").run(turn -> {
            turn.stopSignal().onRaise(model::cancel);
            for (String word : model.stream(turn.history())) {
                turn.answer().text(word);
            }
        }).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.post("write");
            streaming.await();
            chat.stop();
            assertTrue(model.cancelled);
            assertEquals("abort", chat.out().outline().get(chat.out().outline().size() - 2));
        }
    }

    /** Stands for a client of a language model. */
    private static final class Model {
        private final CountDownLatch streaming;
        private final CountDownLatch cancel = new CountDownLatch(1);
        private volatile boolean cancelled;

        private Model(CountDownLatch streaming) {
            this.streaming = streaming;
        }

        Iterable<String> stream(History history) {
            return () -> Stream.iterate(0, n -> n + 1).map(n -> n == 0 ? history.userMessages() + " " : wait(n))
                    .iterator();
        }

        private String wait(int n) {
            streaming.countDown();
            try {
                cancel.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return n + " ";
        }

        void cancel() {
            cancelled = true;
            cancel.countDown();
        }
    }

    record Rename(String title) {}

    @Test
    void actions() throws Exception {
        Map<String, String> titles = new ConcurrentHashMap<>();
        ChatAgent<JsonNode> agent = ChatAgent.builder("notes").run(turn -> turn.answer().text("Noted."))
                .onAction(Rename.class, event -> titles.put(event.run().chatId(), event.action().title())).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.send("hi");
            OfflineAnswer answer = chat.action(new Rename("Shopping"));

            assertEquals(List.of("turn-complete"), answer.outline());
            assertEquals("Shopping", titles.values().iterator().next());
        }
    }

    @Test
    void approvals() throws Exception {
        Shop shop = new Shop();
        ChatAgent<JsonNode> agent = ChatAgent.builder("buyer").run(turn -> {
            List<ToolCall> calls = turn.history().toolCalls();
            if (calls.isEmpty()) {
                turn.answer().toolCall("call-1", "buy", WireJson.MAPPER.createObjectNode().put("what", "cake"));
                turn.answer().requestApproval("call-1");
            } else if (calls.getLast().state() == ToolCall.State.APPROVED) {
                turn.answer().toolOutput("call-1", shop.buy(calls.getLast().input()));
                turn.answer().text("It is yours.");
            } else {
                turn.answer().toolDenied("call-1");
            }
        }).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            ToolCall call = chat.send("buy me a cake").waitingToolCalls().getFirst();
            assertEquals("It is yours.", chat.approveTool(call, true).text());
        }
    }

    /** Stands for something that costs money. */
    private static final class Shop {
        JsonNode buy(JsonNode order) {
            return WireJson.MAPPER.createObjectNode().put("bought", order.path("what").asText());
        }
    }

    private static final class Connection {
        String find(String key) {
            return "value of " + key;
        }
    }

    private static final Local<Connection> DATABASE = Local.of("database", Connection.class);

    @Test
    void locals() throws Exception {
        ChatAgent<JsonNode> agent = ChatAgent.builder("lookup")
                .onBoot(event -> event.run().locals().init(DATABASE, new Connection()))
                .run(turn -> turn.answer().text(turn.run().locals().get(DATABASE).find(turn.userText()))).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            assertEquals("value of x", chat.send("x").text());
        }
    }

    @Test
    void upgrade() throws Exception {
        ChatAgent<JsonNode> agent = ChatAgent.builder("versioned").onTurnStart(event -> {
            if (event.turn().clientData().path("protocol").asInt() > 1 && event.run().reason() != RunReason.UPGRADE) {
                event.turn().requestUpgrade();
            }
        }).run(turn -> turn.answer().text("answered by run " + turn.run().generation())).build();

        try (OfflineChat chat = OfflineChat.with(agent).clientData(Map.of("protocol", 2))) {
            assertEquals("answered by run 2", chat.send("hi").text());
        }
    }

    @Test
    void hydrate() throws Exception {
        Map<String, List<ObjectNode>> rows = new ConcurrentHashMap<>();
        ChatAgent<JsonNode> agent = ChatAgent.builder("own-table").hydrateMessages(event -> {
            List<ObjectNode> chat = rows.computeIfAbsent(event.run().chatId(), _ -> new CopyOnWriteArrayList<>());
            event.incoming().ifPresent(chat::add);
            return chat;
        }).run(turn -> turn.answer().text(turn.history().userMessages() + " questions"))
                .onTurnComplete(event -> event.responseMessage().ifPresent(rows.get(event.run().chatId())::add))
                .build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.send("one");
            assertEquals("2 questions", chat.send("two").text());
        }
    }

    @Test
    void errors() throws Exception {
        ChatAgent<JsonNode> agent = ChatAgent.builder("careful").run(turn -> {
            throw new IllegalStateException("no stock of " + turn.userText());
        }).onError(error -> error instanceof IllegalStateException ? "That is sold out." : null).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            assertEquals("That is sold out.", chat.send("tea").error().orElseThrow());
        }
    }

    @Test
    void recovery() throws Exception {
        ChatAgent<JsonNode> agent = ChatAgent.builder("strict").onRecoveryBoot(_ -> RecoveryPlan.ANSWER_ANEW)
                .run(turn -> turn.answer().text("An answer in one piece.")).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            assertEquals("An answer in one piece.", chat.send("hi").text());
        }
    }

    @Test
    void anAgentIsTestedWithoutAServer() throws Exception {
        ChatAgent<JsonNode> agent = ChatAgent.builder("counter").run(turn -> {
            turn.answer().text("one ");
            turn.answer().flush();
            if (turn.partial().isEmpty()) {
                turn.stopSignal().await(Duration.ofMinutes(1));
            }
            turn.answer().text("two");
        }).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.post("count");
            chat.awaitText("one");
            chat.crash();
            chat.awaitQuiet();

            assertEquals("one one two", chat.out().text());
            assertEquals(2, chat.runs().size());
        }
    }

    @Test
    void editsOfTheHistory() throws Exception {
        ChatAgent<JsonNode> agent = ChatAgent.builder("forgetful").run(turn -> turn.answer().text(
                turn.history().userMessages() + " messages"))
                .onAction(Undo.class, event -> event.turn().editHistory(history -> history.upTo(event.action().to())))
                .build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.send("one");
            chat.send("two");
            chat.action(new Undo("u1"));

            assertEquals("2 messages", chat.send("three").text());
        }
    }

    record Undo(String to) {}

    @Test
    void steering() throws Exception {
        CountDownLatch secondIsThere = new CountDownLatch(1);
        Steps model = new Steps();
        ChatAgent<JsonNode> agent = ChatAgent.builder("steered").run(turn -> {
            while (model.hasNextStep(turn.context())) {
                turn.answer().text(model.nextStep(turn.context()));
                turn.answer().flush();
                secondIsThere.await();
                turn.takePendingMessages();
            }
        }).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.post("one");
            chat.awaitText("told 1;");
            chat.post("two");
            secondIsThere.countDown();
            chat.awaitQuiet();

            assertEquals("told 1;told 2;", chat.out().text());
        }
    }

    /** Stands for a model that wants two steps. */
    private static final class Steps {
        private int steps;

        boolean hasNextStep(List<ObjectNode> context) {
            return !context.isEmpty() && steps < 2;
        }

        String nextStep(List<ObjectNode> context) {
            steps++;
            return "told " + context.size() + ";";
        }

        String summaryOf(List<ObjectNode> messages) {
            return messages.size() + " messages in short";
        }
    }

    @Test
    void summaries() throws Exception {
        Steps model = new Steps();
        ChatAgent<JsonNode> agent = ChatAgent.builder("long-winded").compaction(event -> event.messages().size() > 40,
                event -> model.summaryOf(event.messages())).run(turn -> turn.answer().text(turn.context().size() + ""))
                .build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            for (int i = 0; i < 21; i++) {
                chat.send("message " + i);
            }

            assertEquals("2", chat.send("the last").text());
        }
    }

    @Test
    void injectionsAndDeferredWork() throws Exception {
        ChatAgent<JsonNode> agent = ChatAgent.builder("curious").onTurnComplete(event -> event.turn().defer(() -> {
            ObjectNode note = WireJson.MAPPER.createObjectNode().put("role", "system");
            note.putArray("parts").addObject().put("type", "text").put("text", weather());
            event.run().injections().add(note);
        })).run(turn -> turn.answer().text(turn.context().size() + "")).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.send("one");
            await().until(() -> looked.getCount() == 0);
            chat.send("two");

            assertTrue(chat.out().text().startsWith("1"), chat.out().text());
        }
    }

    private final CountDownLatch looked = new CountDownLatch(1);

    private String weather() {
        looked.countDown();
        return "It rains.";
    }

    @Test
    void parking() throws Exception {
        Pool pool = new Pool();
        ChatAgent<JsonNode> agent = ChatAgent.builder("patient").idleTimeout(Duration.ofMillis(1))
                .turnTimeout(Duration.ofHours(1)).onChatSuspend(_ -> pool.close()).onChatResume(_ -> pool.open())
                .run(turn -> turn.answer().text("open " + pool.open)).build();

        try (OfflineChat chat = OfflineChat.with(agent)) {
            chat.send("one");
            await().until(() -> !pool.open);

            assertEquals("open true", chat.send("two").text());
        }
    }

    /** Stands for something that is dear to keep. */
    private static final class Pool {
        private volatile boolean open = true;

        void close() {
            open = false;
        }

        void open() {
            open = true;
        }
    }
}
