package dev.baton.agent.fake;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.baton.wire.history.Snapshot;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.worker.CompleteRequest;
import dev.baton.wire.worker.DequeueAnswer;
import dev.baton.wire.worker.DequeuedRun;
import dev.baton.wire.worker.HeartbeatAnswer;
import dev.baton.wire.worker.HeartbeatRequest;

/** The HTTP side of Baton as a worker sees it, with one session, on a free port. */
public final class FakeBaton implements AutoCloseable {
    public static final String SESSION_ID = "session_c0123456789abcdefghijklmn";
    private static final int PING_MS = 50;

    /** What becomes of an append. */
    public enum AppendFate {
        STORED,
        LOST,
        STORED_BUT_ANSWER_LOST,
        /** The first record is stored, and the answer is lost. */
        STORED_IN_PART,
        /** The answer is lost, and the records are stored behind what the next reader of {@code .out} is told. */
        STORED_LATE,
        STALE
    }

    public final FakeSession session = new FakeSession();
    public final List<HeartbeatRequest> heartbeats = new CopyOnWriteArrayList<>();
    public final List<String> started = new CopyOnWriteArrayList<>();
    public final List<CompleteRequest> completed = new CopyOnWriteArrayList<>();
    public final List<String> handOvers = new CopyOnWriteArrayList<>();
    public final List<String> closes = new CopyOnWriteArrayList<>();
    /** What was asked about the history: the last part of the path, with the query. */
    public final List<String> historyCalls = new CopyOnWriteArrayList<>();
    /** By part id: what runs have put on side channels. */
    public final Map<String, String> sideRecords = new ConcurrentHashMap<>();
    public final List<String> inCursors = new CopyOnWriteArrayList<>();
    public final List<String> bearers = new CopyOnWriteArrayList<>();
    public final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    public final AtomicInteger inits = new AtomicInteger();
    public final AtomicInteger appends = new AtomicInteger();
    public final AtomicInteger failingCompletes = new AtomicInteger();
    public final AtomicInteger historyReads = new AtomicInteger();
    /** Fates of the next appends; all later ones are stored. */
    public final LinkedBlockingQueue<AppendFate> fates = new LinkedBlockingQueue<>();
    public volatile byte[] snapshot;
    /** The message the session was created with, null when it was created without one. */
    public volatile String firstTurn;
    public volatile boolean drain;
    public final AtomicInteger openPolls = new AtomicInteger();
    private final LinkedBlockingQueue<JsonNode> late = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<DequeuedRun> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger streamEpoch = new AtomicInteger();
    private final HttpServer server;

    public FakeBaton() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Puts a run into the queue of the workers. */
    public void offer(DequeuedRun run) {
        queue.add(run);
    }

    /** A first run with this payload. */
    public DequeuedRun firstRun(String payload) {
        return run(1, RunReason.INITIAL, payload);
    }

    /** A later run; its payload has the continuation flag. */
    public DequeuedRun laterRun(long generation, RunReason reason) {
        return run(generation, reason, "{\"continuation\":true,\"idleTimeoutInSeconds\":0}");
    }

    private DequeuedRun run(long generation, RunReason reason, String payload) {
        return new DequeuedRun("run_" + generation, 1, generation, reason, "echo", SESSION_ID, "chat-1", null,
                new Json(payload), "token-" + generation, url(), 300);
    }

    /** Breaks every open stream of {@code .in}. */
    public void breakStreams() {
        streamEpoch.incrementAndGet();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            bearers.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path.startsWith("/api/v1/workers/") || path.startsWith("/api/v1/runs/")) {
                worker(exchange, path, body);
            } else if (path.startsWith("/realtime/v1/sessions/" + SESSION_ID + "/")) {
                realtime(exchange, path.substring(path.lastIndexOf(SESSION_ID) + SESSION_ID.length() + 1), body);
            } else if (path.equals("/s2/v1/streams/out stream/records")) {
                append(exchange, WireJson.readTree(new String(body, StandardCharsets.UTF_8)));
            } else {
                rest(exchange, path, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void worker(HttpExchange exchange, String path, byte[] body) throws IOException, InterruptedException {
        if (path.endsWith("/dequeue")) {
            openPolls.incrementAndGet();
            DequeuedRun run = queue.poll(100, TimeUnit.MILLISECONDS);
            openPolls.decrementAndGet();
            send(exchange, 200, WireJson.text(new DequeueAnswer(run == null ? List.of() : List.of(run))));
        } else if (path.endsWith("/heartbeat")) {
            heartbeats.add(WireJson.read(body, HeartbeatRequest.class));
            send(exchange, 200, WireJson.text(new HeartbeatAnswer(List.copyOf(cancelled), drain)));
        } else if (path.endsWith("/start")) {
            started.add(path);
            send(exchange, 200, "{\"ok\":true}");
        } else if (failingCompletes.getAndDecrement() > 0) {
            send(exchange, 503, "{}");
        } else {
            completed.add(WireJson.read(body, CompleteRequest.class));
            send(exchange, 200, "{\"ok\":true}");
        }
    }

    private void realtime(HttpExchange exchange, String what, byte[] body) throws IOException, InterruptedException {
        switch (what) {
            case "out" -> {
                inits.incrementAndGet();
                exchange.getResponseHeaders().set("X-S2-Endpoint", url() + "/s2/v1");
                exchange.getResponseHeaders().set("X-S2-Stream-Name", "out stream");
                exchange.getResponseHeaders().set("X-S2-Access-Token", "grant");
                exchange.getResponseHeaders().set("X-S2-Basin", "baton-basin");
                send(exchange, 202, "{\"version\":\"v2\"}");
            }
            case "in" -> stream(exchange);
            case "in/records", "out/records" -> {
                historyReads.incrementAndGet();
                records(exchange, what.substring(0, what.indexOf('/')));
            }
            case "channels/chat-start/out/append" -> {
                sideRecords.put(exchange.getRequestHeaders().getFirst("X-Part-Id"), new String(body,
                        StandardCharsets.UTF_8));
                send(exchange, 200, "{\"ok\":true}");
            }
            case "channels/chat-start/out/records" ->
                send(exchange, 200, WireJson.text(Map.of("records", List.copyOf(sideRecords.values()))));
            default -> send(exchange, 404, "{}");
        }
    }

    private void records(HttpExchange exchange, String channel) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        long after = query == null ? -1 : Long.parseLong(query.substring("afterEventId=".length()));
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.set("records", drained(channel, after));
        if (channel.equals("out")) {
            for (JsonNode record = late.poll(); record != null; record = late.poll()) {
                store(record);
            }
        }
        send(exchange, 200, answer.toString());
    }

    private void boot(HttpExchange exchange) throws IOException {
        Optional<Snapshot> stored = Optional.ofNullable(snapshot).flatMap(Snapshot::read);
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.set("snapshot", stored.<JsonNode>map(WireJson.MAPPER::valueToTree).orElse(null));
        answer.set("out", drained("out", stored.map(Snapshot::lastOutSeq).orElse(-1L)));
        ArrayNode in = drained("in", stored.map(Snapshot::lastInSeq).orElse(-1L));
        if (firstTurn != null) {
            in.insertObject(0).put("id", "first").put("seqNum", -1).put("data", firstTurn);
        }
        answer.set("in", in);
        send(exchange, 200, answer.toString());
    }

    private ArrayNode drained(String channel, long after) {
        ArrayNode records = WireJson.MAPPER.createArrayNode();
        for (JsonNode stored : session.after(channel, after)) {
            String text = stored.path("body").asText();
            JsonNode body = text.isEmpty() ? WireJson.readTree("{\"data\":\"\",\"id\":\"\"}") : WireJson.readTree(text);
            ObjectNode record = records.addObject().put("id", body.path("id").asText()).put("seqNum",
                    stored.path("seq_num").asLong());
            record.set("data", body.path("data"));
            record.set("headers", stored.path("headers"));
        }
        return records;
    }

    private void stream(HttpExchange exchange) throws IOException, InterruptedException {
        String cursor = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        inCursors.add(String.valueOf(cursor));
        long seq = cursor == null ? -1 : Long.parseLong(cursor);
        int epoch = streamEpoch.get();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        while (epoch == streamEpoch.get()) {
            List<JsonNode> records = session.awaitIn(seq, PING_MS);
            if (records.isEmpty()) {
                write(out, "event: ping\ndata: {\"timestamp\":1}\n\n");
            } else {
                seq = records.getLast().path("seq_num").asLong();
                write(out, "event: batch\nid: " + seq + "\ndata: {\"records\":" + records + "}\n\n");
            }
        }
    }

    private void append(HttpExchange exchange, JsonNode body) throws IOException {
        appends.incrementAndGet();
        AppendFate fate = fates.isEmpty() ? AppendFate.STORED : fates.poll();
        switch (fate) {
            case LOST -> send(exchange, 503, "{}");
            case STALE -> send(exchange, 409, "{}");
            case STORED_IN_PART -> {
                store(body.path("records").get(0));
                send(exchange, 503, "{}");
            }
            case STORED_LATE -> {
                body.path("records").forEach(late::add);
                send(exchange, 503, "{}");
            }
            case STORED, STORED_BUT_ANSWER_LOST -> {
                long last = -1;
                for (JsonNode record : body.path("records")) {
                    last = store(record);
                }
                int status = fate == AppendFate.STORED ? 200 : 500;
                send(exchange, status, "{\"end\":{\"seq_num\":" + (last + 1) + "}}");
            }
        }
    }

    private long store(JsonNode record) {
        return session.appendOut(record.path("body").asText(), record.get("headers"));
    }

    private void rest(HttpExchange exchange, String path, byte[] body) throws IOException {
        if (path.endsWith("/keep-history")) {
            historyCalls.add("keep-history");
            send(exchange, 200, "{}");
        } else if (path.endsWith("/public-tokens")) {
            send(exchange, 200, "{\"token\":\"token-for-clients\"}");
        } else if (path.endsWith("/boot")) {
            String query = exchange.getRequestURI().getQuery();
            historyCalls.add(query == null ? "boot" : "boot?" + query);
            historyReads.incrementAndGet();
            boot(exchange);
        } else if (path.endsWith("/end-and-continue")) {
            handOvers.add(new String(body, StandardCharsets.UTF_8));
            send(exchange, 200, "{\"runId\":\"run_next\",\"swapped\":true}");
        } else if (path.endsWith("/close")) {
            closes.add(new String(body, StandardCharsets.UTF_8));
            send(exchange, 200, "{}");
        } else {
            send(exchange, 404, "{}");
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        breakStreams();
        server.stop(0);
    }
}
