package dev.baton.system.fuzz;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.wire.service.Settings;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

/**
 * What is really there, so that not every fuzzed request ends at its first check.
 *
 * @param worn sessions that requests may close and change
 * @param doomed a session that requests may delete: it is not there for long
 */
record Ground(List<Place> places, List<Place> worn, Place doomed, List<String> tokens) {
    /** In everything that must not be logged: contents, tokens, secrets. Never in ids, which logs may name. */
    static final String MARK = "zqmark";
    /** Nobody works on it: its runs wait, and its sessions cost no agent. */
    static final String TASK = "fuzzed-task";
    private static final int PLACES = 4;

    /** A session and what it takes to write to it directly. */
    record Place(String chatId, String sessionId, String runId, String token, String stream, String writeToken,
            String waitpointId) {
        static Place create(BatonClient baton) {
            String chatId = Chat.newChatId();
            var body = Chat.createBody(chatId, null).put("taskIdentifier", TASK);
            Chat chat = Chat.start(baton, chatId, body);
            HttpAnswer init = baton.put(chat.channelPath("out", "")).expect(202);
            String waitpointId = baton
                    .post("/api/v1/runs/" + chat.firstRunId() + "/session-streams/wait",
                            "{\"session\":\"" + chatId + "\",\"io\":\"in\"}")
                    .expect(200).json().path("waitpointId").textValue();
            return new Place(chatId, chat.sessionId(), chat.firstRunId(),
                    chat.created().path("publicAccessToken").textValue(),
                    init.header("X-S2-Stream-Name").orElseThrow(), init.header("X-S2-Access-Token").orElseThrow(),
                    waitpointId);
        }
    }

    static Ground create(BatonClient baton) {
        List<Place> places = new ArrayList<>();
        List<Place> worn = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            places.add(Place.create(baton));
            worn.add(Place.create(baton));
        }
        Environments environments = Environments.of(Settings.of(Map.of()));
        Environment dev = environments.first();
        Tokens tokens = new Tokens(environments, Clock.systemUTC());
        List<String> good = new ArrayList<>();
        for (List<String> scopes : List.of(List.of("admin"), List.of("read:sessions"), List.of("read:all", "write:all"),
                List.of("write:sessions", "trigger:tasks:" + TASK),
                List.of("read:sessions:" + places.getFirst().chatId()),
                List.<String>of())) {
            good.add(tokens.mintPublicToken(dev, scopes, Duration.ofHours(1)));
        }
        return new Ground(List.copyOf(places), List.copyOf(worn), Place.create(baton), List.copyOf(good));
    }
}
