package dev.baton.system.support;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.agent.Worker;
import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.History;
import dev.baton.agent.chat.Turn;
import dev.baton.wire.json.WireJson;

/**
 * A worker for as many chats as its second argument says, at the gateway that its first one names. It repeats what it is told, word by
 * word, and tells {@value #HOW_ARE_YOU} what its process costs.
 */
public final class ManyChatsMain {
    public static final String TASK = "many-chats";
    public static final String HOW_ARE_YOU = "how are you?";

    private ManyChatsMain() {}

    /**
     * What a process costs after a collection.
     *
     * @param platformThreads virtual ones do not count
     * @param rssBytes −1 where the system does not tell
     * @param openFiles sockets among them; −1 where the system does not tell
     */
    public record Cost(int platformThreads, long heapBytes, long rssBytes, int openFiles) {}

    public static void main(String[] args) throws InterruptedException {
        try (Worker worker = ChatAgent.builder(TASK).run(ManyChatsMain::answer).build()
                .worker(args[0], BatonClient.SECRET_KEY).slots(Integer.parseInt(args[1])).build()) {
            worker.start();
            System.out.println("READY");
            Thread.currentThread().join();
        }
    }

    private static void answer(Turn<JsonNode> turn) throws Exception {
        if (turn.userText().equals(HOW_ARE_YOU)) {
            turn.answer().text(WireJson.MAPPER.writeValueAsString(cost()));
            return;
        }
        String[] words = turn.userText().split(" ");
        // What a run before it has said, this one does not say again.
        String said = turn.partial().map(History::text).orElse("");
        for (int n = said.isEmpty() ? 0 : said.split(" ").length; n < words.length; n++) {
            turn.answer().text(words[n] + " ");
            turn.answer().flush();
        }
    }

    private static Cost cost() throws IOException {
        System.gc();
        return new Cost(ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), rssBytes(), openFiles());
    }

    private static long rssBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024).findFirst().orElse(-1);
    }

    private static int openFiles() throws IOException {
        Path files = Path.of("/proc/self/fd");
        if (!Files.exists(files)) {
            return -1;
        }
        try (Stream<Path> open = Files.list(files)) {
            return Math.toIntExact(open.count());
        }
    }
}
