package dev.baton.system.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import dev.baton.system.cluster.Conversation.Message;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StreamRecord;

import static org.awaitility.Awaitility.await;

/**
 * A storm over conversations, after which everything held.
 *
 * @param seed of all that was random
 * @param blows by kind
 * @param runs of all conversations
 * @param repeats records of {@code .out} that a writer has sent twice, not knowing that they were stored
 * @param fenced records of {@code .out} that lie behind the fence that shuts out their writer, and that nobody saw
 * @param lateErrors error turns of messages that had been answered already (decision 17)
 */
public record StormReport(long seed, Duration time, Map<String, Integer> blows, int messages, long runs,
        int repeats, int fenced, int lateErrors) {
    /** Drawn anew for every run; give the one that a failure names to see the same blows again. */
    private static final long SEED = Long.getLong("baton.storm.seed", System.nanoTime());
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("baton.storm.seconds", 45));
    private static final int CONVERSATIONS = Integer.getInteger("baton.storm.conversations", 8);

    /** What happened in one conversation: what it was told, and what its browser saw. */
    private record Told(String chatId, List<Message> messages, List<StreamRecord> delivered) {}

    /** @throws AssertionError naming seed and history when something does not hold */
    public static StormReport of(Deployment deployment) {
        try (History history = History.open("storm-" + SEED)) {
            try {
                Storm storm = new Storm(deployment, history, SEED);
                List<Told> conversations = converse(deployment, history, storm);
                TopicCheck topics = TopicCheck.read(deployment.brokers().environment());
                conversations.forEach(each -> topics.holdsAgainst(each.chatId(), each.messages(), each.delivered()));
                return new StormReport(SEED, TIME, storm.blows(),
                        conversations.stream().mapToInt(each -> each.messages().size()).sum(), topics.runCount(),
                        topics.repeats(), topics.fenced(), topics.lateErrors());
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + SEED + ", history in " + history + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<Told> converse(Deployment deployment, History history, Storm storm) throws Exception {
        BatonClient baton = deployment.client();
        AtomicBoolean storming = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Conversation> conversations = LongStream.range(0, CONVERSATIONS)
                    .mapToObj(n -> new Conversation(baton, history, SEED + n)).toList();
            List<Future<List<Message>>> talks = conversations.stream()
                    .map(each -> threads.submit(() -> each.talk(storming::get))).toList();
            List<Follower> followers = conversations.stream()
                    .map(each -> Follower.start(baton, each.chatId(), history)).toList();
            try {
                try (RogueWorker _ = RogueWorker.start(deployment, history)) {
                    storm.rage(TIME);
                }
                storming.set(false);
                List<Told> told = new ArrayList<>();
                for (int i = 0; i < CONVERSATIONS; i++) {
                    String chatId = conversations.get(i).chatId();
                    List<Message> messages = talks.get(i).get();
                    awaitAnswered(baton, chatId, messages.size());
                    told.add(new Told(chatId, messages, followers.get(i).end()));
                }
                return told;
            } finally {
                storming.set(false);
                followers.forEach(Follower::stop);
            }
        }
    }

    /** Settled, and so many turns are there. */
    private static void awaitAnswered(BatonClient baton, String chatId, int messages) {
        await(chatId + " is answered").atMost(Patience.TAKEOVER).until(() -> {
            HttpAnswer peek = baton.get(BatonClient.channel(chatId, "out", ""), "X-Peek-Settled", "1",
                    "Timeout-Seconds", "1");
            return peek.status() == 200 && peek.header("X-Session-Settled").filter("true"::equals).isPresent()
                    && peek.body().split("turn-complete", -1).length > messages;
        });
    }
}
