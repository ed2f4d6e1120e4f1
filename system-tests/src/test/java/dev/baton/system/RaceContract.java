package dev.baton.system;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.ProbeWorker;
import dev.baton.system.support.Race;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The moments in which ownership could slip, taken many times each over HTTP (design D2, D4; features #3, #134–#136,
 * #141). Workers are probes, so a run does only what the race needs.
 */
abstract class RaceContract {
    private static final int CALLERS = 10;
    /** So many races of one kind are under way at a time. */
    private static final int LANES = 10;

    @Test
    @DisplayName("features #3: ten concurrent creates for each of 100 ids give 100 sessions with one run each")
    void concurrentCreatesConverge(BatonClient baton) {
        ProbeWorker nobody = ProbeWorker.forNewTask(baton);
        Race.each(LANES, _ -> {
            for (int id = 0; id < 100 / LANES; id++) {
                createsConverge(baton, nobody.task());
            }
            return null;
        });
    }

    private static void createsConverge(BatonClient baton, String task) {
        // Given
        String chatId = Chat.newChatId();
        String body = Chat.createBody(chatId, null).put("taskIdentifier", task).toString();

        // When
        List<HttpAnswer> answers = Race.atOnce(CALLERS, () -> baton.post("/api/v1/sessions", body));

        // Then
        assertEquals(1, answers.stream().filter(answer -> answer.status() == 201).count(), answers.toString());
        assertEquals(CALLERS - 1, answers.stream().filter(answer -> answer.status() == 200).count());
        assertEquals(1, distinct(answers, "id").size(), answers.toString());
        assertEquals(1, distinct(answers, "runId").size(), answers.toString());
        assertEquals(1, new Chat(baton, chatId, answers.getFirst().json()).runs().size());
    }

    @Test
    @DisplayName("features #136: ten concurrent appends to each of 200 sessions whose run is dead bind one run each")
    void concurrentAppendsToADeadRunBindOneSuccessor(BatonClient baton) {
        Race.each(LANES, _ -> {
            for (int session = 0; session < 200 / LANES; session++) {
                appendsBindOneRun(withDeadRun(baton));
            }
            return null;
        });
    }

    /** A task for each: the runs that wait after one race are not taken in the next one. */
    private static Chat withDeadRun(BatonClient baton) {
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode run = worker.take();
        worker.start(run).expect(200);
        worker.complete(run, "completed", null).expect(200);
        await().atMost(Patience.TURN)
                .until(() -> chat.runs().getFirst().path("outcome").asText("").equals("completed"));
        return chat;
    }

    private static void appendsBindOneRun(Chat chat) {
        // When
        List<HttpAnswer> answers = Race.atOnce(CALLERS, () -> chat.tryAppend("hello"));

        // Then
        assertEquals(LongStream.range(0, CALLERS).boxed().toList(),
                answers.stream().map(answer -> answer.expect(200).json().path("seq").asLong(-1)).sorted().toList());
        List<JsonNode> runs = chat.runs();
        assertEquals(List.of("continuation", "initial"),
                runs.stream().map(run -> run.path("reason").asText()).toList(), runs.toString());
        assertEquals(runs.getFirst().path("runId"), chat.retrieve().path("currentRunId"));
        HandOverContract.assertChained(chat);
    }

    @Test
    @DisplayName("design D4: an append that races the exit of the run, 500 times: there is always one to answer it")
    void anAppendThatRacesTheExitIsAlwaysAnswered(BatonClient baton) {
        Race.each(LANES, _ -> {
            ProbeWorker worker = ProbeWorker.forNewTask(baton);
            Chat chat = worker.startChat();
            for (int round = 0; round < 500 / LANES; round++) {
                appendRacesExit(worker, chat, round);
            }
            HandOverContract.assertChained(chat);
            return null;
        });
    }

    /** In round n the run with generation n + 1 has settled everything before message n, which arrives as it leaves. */
    private static void appendRacesExit(ProbeWorker worker, Chat chat, int round) {
        // Given
        JsonNode run = worker.take();
        assertEquals(round + 1, run.path("generation").asInt(), run.toString());
        worker.start(run).expect(200);
        Long settled = round == 0 ? null : round - 1L;

        // When
        List<HttpAnswer> both = Race.each(2, side -> side == 0
                ? worker.complete(run, "completed", settled)
                : chat.tryAppend("message " + round));

        // Then: the next round takes the run that will answer it, and there is no other one.
        both.forEach(answer -> answer.expect(200));
        assertEquals(round, both.getLast().json().path("seq").asInt(-1));
        await().atMost(Patience.TURN).until(() -> chat.runs().size() == round + 2);
    }

    @Test
    @DisplayName("features #141: of two end-and-continue calls at once one swaps, 50 times")
    void oneOfTwoHandOversSwaps(BatonClient baton) {
        ProbeWorker nobody = ProbeWorker.forNewTask(baton);
        Race.each(LANES, _ -> {
            for (int session = 0; session < 50 / LANES; session++) {
                oneSwaps(nobody.startChat());
            }
            return null;
        });
    }

    private static void oneSwaps(Chat chat) {
        // Given
        String body = "{\"callingRunId\":\"" + chat.firstRunId() + "\",\"reason\":\"upgrade\"}";

        // When
        List<HttpAnswer> answers = Race.atOnce(2,
                () -> chat.baton().post(chat.sessionPath("/end-and-continue"), body).expect(200));

        // Then
        assertEquals(1, answers.stream().filter(answer -> answer.json().path("swapped").asBoolean()).count(),
                answers.toString());
        Set<String> owners = distinct(answers, "runId");
        assertEquals(1, owners.size(), answers.toString());
        assertTrue(owners.contains(chat.retrieve().path("currentRunId").asText()), answers.toString());
        assertEquals(2, chat.runs().size());
    }

    private static Set<String> distinct(List<HttpAnswer> answers, String field) {
        Stream<String> values = answers.stream().map(answer -> answer.json().path(field).asText());
        return values.collect(HashSet::new, Set::add, Set::addAll);
    }
}
