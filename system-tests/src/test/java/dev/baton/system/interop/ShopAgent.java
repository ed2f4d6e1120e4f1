package dev.baton.system.interop;

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.Worker;
import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.ChatEvent;
import dev.baton.agent.chat.Local;
import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.chat.Turn;
import dev.baton.wire.json.WireJson;

/**
 * An agent in Java that does all that a page can show, for the unmodified npm clients. The first word it is told says what.
 * Calls: {@code weather} executes one between its words; {@code buy} needs an approval; {@code locate}
 * is for the client alone, {@code guide} makes that call behind one of its own. The rest: {@code count N} answers slowly,
 * {@code whoami} reads the client data, {@code list} tells what actions have done, {@code fail} throws, {@code upgrade} wants a newer
 * version to answer. Everything else is repeated with the number of messages so far.
 */
final class ShopAgent {
    private static final Duration PACE = Duration.ofMillis(25);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);
    private static final int SLOTS = 64;
    private static final String OLD_VERSION = "1";
    /** The name of the shopping list; as short-lived as the run. */
    private static final Local<StringBuilder> LIST = Local.of("list", StringBuilder.class);

    private final String version;

    /** What clients send along. */
    record Shopper(@JsonProperty(required = true) String user, int basket) {}

    /** @param type {@code rename} does it silently, {@code announce} answers, {@code refuse} throws */
    record ListAction(@JsonProperty(required = true) String type, String title) {}

    private ShopAgent(String version) {
        this.version = version;
    }

    /** Not started yet. */
    static Worker worker(String baseUrl, String secretKey, String task, String version) {
        ShopAgent shop = new ShopAgent(version);
        ChatAgent<Shopper> agent = ChatAgent.builder(task).clientData(Shopper.class)
                .onBoot(event -> event.run().locals().init(LIST, new StringBuilder("no list")))
                .onTurnStart(event -> shop.upgradeIfTold(event.turn())).run(shop::answer)
                .onAction(ListAction.class, ShopAgent::act).build();
        return agent.worker(baseUrl, secretKey).version(version).slots(SLOTS).drainTimeout(DRAIN_TIMEOUT).build();
    }

    private void upgradeIfTold(Turn<Shopper> turn) {
        if (version.equals(OLD_VERSION) && turn.userText().startsWith("upgrade")) {
            turn.requestUpgrade();
        }
    }

    private void answer(Turn<Shopper> turn) throws InterruptedException {
        List<ToolCall> calls = turn.history().toolCalls();
        if (!calls.isEmpty()) {
            goOn(turn, calls.getLast());
            return;
        }
        String[] words = turn.userText().split(" ");
        switch (words[0]) {
            case "weather" -> weather(turn, words[1]);
            case "guide" -> {
                turn.answer().toolCall("own-call", "map", object("scale", "1:25000"));
                turn.answer().toolOutput("own-call", object("map", "north"));
                call(turn, "locate", "precision", "city");
                turn.answer().text("Where are you?");
            }
            case "buy" -> {
                turn.answer().text("That costs money.");
                call(turn, "buy", "item", words[1]);
                turn.answer().requestApproval(callId(turn));
            }
            case "locate" -> call(turn, "locate", "precision", "city");
            case "count" -> count(turn, Integer.parseInt(words[1]));
            case "whoami" -> turn.answer()
                    .text("You are " + turn.clientData().user() + " with " + turn.clientData().basket() + " things.");
            case "list" -> turn.answer().text("Your list: " + turn.run().locals().get(LIST));
            case "fail" -> throw new IllegalStateException("jdbc:shop://10.0.0.7 refused the password");
            case "upgrade" -> turn.answer().text("Version " + version + " answers.");
            // Everything else is what people say.
            default -> turn.answer().text(
                    "You said: " + turn.userText() + ". That is message " + turn.history().userMessages() + ".");
        }
    }

    /** A person or a page has answered the call; this goes on with the same message. */
    private static void goOn(Turn<Shopper> turn, ToolCall call) throws InterruptedException {
        switch (call.state()) {
            case APPROVED -> {
                turn.answer().toolOutput(call.id(), object("bought", call.input().path("item").asText()));
                turn.answer().text("It is yours.");
            }
            case DENIED -> {
                turn.answer().toolDenied(call.id());
                turn.answer().text("Then not.");
            }
            case DONE -> turn.answer().text("You are in " + call.output().path("city").asText() + ".");
            case FAILED -> turn.answer().text("Then I do not know where you are.");
            case INCOMPLETE, AVAILABLE, APPROVAL_REQUESTED ->
                throw new IllegalStateException("expected an answer to the call, but it is " + call.state());
        }
    }

    private static void weather(Turn<Shopper> turn, String city) throws InterruptedException {
        turn.answer().text("I look it up.");
        call(turn, "weather", "city", city);
        turn.answer().toolOutput(callId(turn), object("sky", "rain"));
        turn.answer().text("Take an umbrella.");
    }

    private static void count(Turn<Shopper> turn, int last) throws InterruptedException {
        for (int n = 1; n <= last; n++) {
            turn.answer().text(n + " ");
            turn.pause(PACE);
        }
    }

    private static void act(ChatEvent.Action<Shopper, ListAction> event) throws InterruptedException {
        ListAction action = event.action();
        switch (action.type()) {
            case "rename" -> {
                StringBuilder list = event.run().locals().get(LIST);
                list.replace(0, list.length(), action.title());
            }
            case "announce" -> event.turn().answer().text("The shop opens a list: " + action.title() + ".");
            // What else an action may be is not known here, and clients must not see why.
            default -> throw new IllegalStateException("no such action in shop-db-3: " + action.type());
        }
    }

    private static void call(Turn<Shopper> turn, String tool, String name, String value) throws InterruptedException {
        turn.answer().toolCall(callId(turn), tool, object(name, value));
    }

    /** One call per message at most. */
    private static String callId(Turn<Shopper> turn) {
        return "call-" + turn.message().path("id").asText();
    }

    private static ObjectNode object(String name, String value) {
        return WireJson.MAPPER.createObjectNode().put(name, value);
    }
}
