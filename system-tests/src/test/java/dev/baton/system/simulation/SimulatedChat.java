package dev.baton.system.simulation;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.json.Json;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.TriggerConfig;

/**
 * A client and its one chat: creates the session, now and then once more, appends messages, maybe closes it, and reads the
 * answers. Whatever is not answered it repeats with the same part id, at any ingress.
 */
final class SimulatedChat extends SimulatedProcess {
    static final String ENVIRONMENT = "env_dev";
    static final String TASK = "echo";
    static final String QUEUE = Names.queueKey(ENVIRONMENT, TASK);
    private static final long PATIENCE_MS = 3_000;
    private static final int MESSAGES_MAX = 7;
    private static final int CANCELS_MAX = 2;
    private static final int KILLS_MAX = 3;
    private static final int SIDE_RECORDS_MAX = 3;
    /** The messages of creates are numbered from here on. */
    private static final int CREATES = 1_000;

    private final Landscape landscape;
    private final int number;
    private final SessionKey key;
    private final boolean firstMessage;
    private final Long expiresAt;
    private final Integer maxAttempts;
    /** One in so many messages kills the runs that serve it; 0 for none. */
    private final int poisonOneIn;
    private int messages;
    private int creates;
    private int sideRecords;
    private int waiting;
    private EventStream out;

    SimulatedChat(World world, Landscape landscape, int number) {
        super(world, "client" + number, 0);
        this.landscape = landscape;
        this.number = number;
        this.key = new SessionKey(ENVIRONMENT, "chat-" + number);
        this.firstMessage = world.chance().oneIn(2);
        this.expiresAt = world.chance().oneIn(10)
                ? Long.valueOf(Timeline.BEGIN_MS + world.chance().between(2_000, 20_000))
                : null;
        this.maxAttempts = world.chance().oneIn(4) ? Integer.valueOf(1 + world.chance().below(2)) : null;
        this.poisonOneIn = world.chance().oneIn(3) ? 4 : 0;
    }

    SessionKey key() {
        return key;
    }

    /** After how many killed runs a message of it is given up. */
    int killsMax() {
        return maxAttempts == null ? KILLS_MAX : maxAttempts;
    }

    /** Whether everything it asked for was answered. */
    boolean served() {
        return waiting == 0;
    }

    @Override
    protected void gone() {
        out.close();
    }

    @Override
    protected void begin() {
        create(firstMessage);
        long stormMs = landscape.stormMs();
        for (int i = 0; i < 1 + world.chance().below(MESSAGES_MAX); i++) {
            plan(stormMs, this::append);
        }
        if (world.chance().oneIn(3)) {
            plan(stormMs, () -> create(world.chance().oneIn(2)));
        }
        if (world.chance().oneIn(4)) {
            plan(stormMs, this::close);
        }
        for (int i = world.chance().below(CANCELS_MAX + 1); i > 0; i--) {
            plan(stormMs, this::cancel);
        }
        for (int i = world.chance().below(SIDE_RECORDS_MAX + 1); i > 0; i--) {
            plan(stormMs, this::appendSide);
        }
        out = new EventStream(world, this, landscape, Channel.OUT, key, -1, _ -> {});
    }

    private void plan(long withinMs, Runnable action) {
        waiting++;
        after(world.chance().between(100, withinMs), () -> {
            waiting--;
            action.run();
        });
    }

    private void create(boolean withMessage) {
        String trigger = withMessage
                ? "\"trigger\":\"submit-message\",\"message\":{\"id\":\""
                        + written(Entry.messageId(number, CREATES + creates))
                        + "\"}"
                : "\"trigger\":\"preload\"";
        creates++;
        Json payload = new Json("{\"chatId\":\"" + key.chatId() + "\"," + trigger + "}");
        until((ingress, answer) -> ingress.ask(key,
                new SessionCommand.CreateSession(landscape.nextSessionId(), key.chatId(), "chat.agent", TASK,
                        new TriggerConfig(payload, null, null, null, maxAttempts, null, null, null, null, null, null,
                                null,
                                null),
                        null, null, expiresAt),
                answer), reply -> true);
    }

    private void append() {
        String message = Entry.messageId(number, messages++);
        String partId = "part-" + message;
        String body = "{\"data\":\"" + written(message) + "\",\"id\":\"" + partId + "\"}";
        append(key, message, new SessionCommand.AppendIn(partId, body));
    }

    private String written(String message) {
        return world.chance().oneIn(poisonOneIn) ? Entry.poisonous(message) : message;
    }

    private void appendSide() {
        String id = Entry.sideId(number, sideRecords++);
        String partId = "part-" + id;
        append(sideChannel(key), id,
                new SessionCommand.AppendSide(partId, "{\"data\":\"" + id + "\",\"id\":\"" + partId + "\"}"));
    }

    /** The one side channel that each session of the simulation has. */
    static SessionKey sideChannel(SessionKey session) {
        return Names.sideChannelKey(session, "notes");
    }

    private void append(SessionKey channel, String id, SessionCommand command) {
        until((ingress, answer) -> {
            if (ingress.row(channel).isPresent()) {
                ingress.ask(channel, command, answer);
            } else {
                answer.accept(null);
            }
        }, reply -> {
            if (reply instanceof SessionReply.AppendAnswered appended) {
                world.witness().acknowledged(channel, id, appended.seq());
            }
            return !(reply instanceof SessionReply.Refused refused)
                    || refused.refusal() != SessionReply.Refusal.NOT_FOUND;
        });
    }

    /** Whatever run an ingress takes for the current one. */
    private void cancel() {
        until((ingress, answer) -> {
            String runId = ingress.row(key).map(SessionRow::currentRunId).orElse(null);
            if (runId == null) {
                answer.accept(null);
                return;
            }
            world.witness().cancels(runId);
            ingress.ask(key, new SessionCommand.CancelRun(runId), answer);
        }, _ -> true);
    }

    private void close() {
        until((ingress, answer) -> ingress.ask(key, new SessionCommand.CloseSession("done", null), answer),
                reply -> !(reply instanceof SessionReply.Refused));
    }

    /** Asks again until there is an answer that is good enough. */
    private void until(BiConsumer<Ingress, Consumer<SessionReply>> request,
            Predicate<SessionReply> enough) {
        waiting++;
        attempt(request, enough);
    }

    private void attempt(BiConsumer<Ingress, Consumer<SessionReply>> request,
            Predicate<SessionReply> enough) {
        Ingress ingress = landscape.anyIngress();
        world.network().<SessionReply>call(this, ingress, PATIENCE_MS, answer -> request.accept(ingress, answer),
                reply -> {
                    if (reply != null && enough.test(reply)) {
                        waiting--;
                    } else {
                        after(world.chance().between(50, 800), () -> attempt(request, enough));
                    }
                });
    }
}
