package dev.baton.system.fuzz;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.baton.system.support.RawAnswer;
import dev.baton.system.support.RawHttp;

/** One connection after the other, on which one thread sends what its seed says. */
final class RequestFuzz implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int SHOWN_CHARS = 600;
    private static final int COMPLAINTS_MAX = 5;

    private final URI url;
    private final long seed;
    private final int count;
    private final RequestGrammar grammar;
    final List<String> complaints = new CopyOnWriteArrayList<>();
    /** Answers by status; 0 counts connections that ended without one. */
    final Map<Integer, Integer> seen = new TreeMap<>();
    private RawHttp connection;
    /** What the connection was used for before; null when it is new. */
    private Draft previous;

    RequestFuzz(URI url, long seed, int count, Ground ground) {
        this.url = url;
        this.seed = seed;
        this.count = count;
        this.grammar = new RequestGrammar(seed, ground);
    }

    @Override
    public void run() {
        for (int i = 0; i < count && complaints.size() < COMPLAINTS_MAX; i++) {
            Draft draft = grammar.next();
            try {
                Optional<String> complaint = exchange(draft);
                complaint.ifPresent(text -> complain(draft, text));
                previous = draft;
            } catch (IOException | RuntimeException e) {
                complain(draft, e.toString());
                hangUp();
            }
        }
        hangUp();
    }

    private void complain(Draft draft, String text) {
        complaints.add(draft.route + ", connection seed " + seed + ": " + text + "\n    " + shown(draft)
                + (previous == null ? "" : "\n    after " + shown(previous)));
    }

    private static String shown(Draft draft) {
        String request = new String(draft.bytes(), StandardCharsets.ISO_8859_1);
        return escaped(request.substring(0, Math.min(SHOWN_CHARS, request.length())));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char octet : text.toCharArray()) {
            escaped.append(
                    octet >= ' ' && octet <= '~' ? String.valueOf(octet) : String.format("\\x%02x", (int) octet));
        }
        return escaped.toString();
    }

    private Optional<String> exchange(Draft draft) throws IOException {
        if (connection == null) {
            connection = RawHttp.connect(url, PATIENCE);
            previous = null;
        }
        try {
            connection.send(draft.bytes());
            if (draft.endless) {
                connection.endOutput();
            }
            return judged(draft, read(draft));
        } catch (EOFException | SocketException e) {
            hangUp();
            seen.merge(0, 1, Integer::sum);
            return draft.endless || draft.malformed ? Optional.empty() : Optional.of("no answer: " + e.getMessage());
        } catch (SocketTimeoutException e) {
            hangUp();
            return Optional.of("no answer within " + PATIENCE);
        }
    }

    private RawAnswer read(Draft draft) throws IOException {
        RawAnswer head = connection.head();
        boolean goesOn = head.status() == 200 && (draft.route == FuzzedRoute.DEQUEUE
                || head.contentType().startsWith("text/event-stream") || head.contentType().startsWith("s2s/proto"));
        RawAnswer answer = goesOn || draft.method.equals("HEAD") ? head : connection.body(head);
        if (goesOn || draft.endless || answer.last()) {
            hangUp();
        }
        return answer;
    }

    private Optional<String> judged(Draft draft, RawAnswer answer) {
        seen.merge(answer.status(), 1, Integer::sum);
        return Judge.complaint(draft, answer)
                .map(text -> text + ", answered " + answer.status() + " " + answer.headers() + " " + answer.body());
    }

    private void hangUp() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
