package dev.baton.run.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import dev.baton.run.domain.RunReport;

/** The long polls that wait at this gateway. Thread-safe. */
final class OpenPolls {
    /** One virtual thread and one connection each. */
    static final int POLLS_MAX = 10_000;
    /** Keeps one announcement far below the record limit. */
    static final int POLLS_PER_ANNOUNCEMENT_MAX = 1_000;

    private final Map<String, OpenPoll> byId = new ConcurrentHashMap<>();

    /** @return false when there are too many */
    boolean add(OpenPoll poll) {
        if (byId.size() >= POLLS_MAX) {
            return false;
        }
        byId.put(poll.poll().pollId(), poll);
        return true;
    }

    Optional<OpenPoll> find(String pollId) {
        return Optional.ofNullable(byId.get(pollId));
    }

    void remove(OpenPoll poll) {
        byId.remove(poll.poll().pollId());
    }

    void releaseAll() {
        byId.values().forEach(OpenPoll::release);
    }

    int count() {
        return byId.size();
    }

    /** Hands over all polls that wait, by queue key and in pieces of bounded size. */
    void forEachQueue(BiConsumer<String, List<RunReport.Poll>> announcer) {
        Map<String, List<RunReport.Poll>> byQueue = new HashMap<>();
        byId.values()
                .forEach(each -> byQueue.computeIfAbsent(each.queueKey(), _ -> new ArrayList<>()).add(each.poll()));
        byQueue.forEach((queueKey, polls) -> {
            for (int from = 0; from < polls.size(); from += POLLS_PER_ANNOUNCEMENT_MAX) {
                int to = Math.min(polls.size(), from + POLLS_PER_ANNOUNCEMENT_MAX);
                announcer.accept(queueKey, List.copyOf(polls.subList(from, to)));
            }
        });
    }
}
