package dev.baton.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP with bounded patience, shared by all runs of a worker. What it retries: failures of the network, 408, 429 and
 * 5xx. Everything else is an answer. Callers say whether a repeat is harmless by choosing between {@link #repeat} and
 * {@link #once}.
 */
public final class HttpCalls implements AutoCloseable {
    /** How long a call goes on trying: longer than a restart of the whole server. */
    public static final Duration PATIENCE = Duration.ofSeconds(45);
    /** How long a single try waits for its answer: longer than the server waits for a decision. */
    public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Set<Integer> PASSING = Set.of(408, 429);

    /** Whatever arrives is dealt with on virtual threads: a busy conversation takes no platform thread from the others. */
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT).executor(executor).build();
    private final SilenceWatch silence = new SilenceWatch();

    /** Whether requests can go there: {@code http} or {@code https}, and a host. */
    public static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return SCHEMES.contains(String.valueOf(uri.getScheme())) && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    /** A request to this address with the answer timeout and, unless it is null, a bearer. */
    public static HttpRequest.Builder request(String url, String bearer) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER_TIMEOUT);
        return bearer == null ? request : request.header("Authorization", "Bearer " + bearer);
    }

    /**
     * One try; any status is an answer. The timeout of the request covers the body too, which the client alone would
     * wait for without end when the other side is gone.
     */
    public HttpResponse<byte[]> once(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            return answer.get(request.timeout().orElse(ANSWER_TIMEOUT).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new HttpTimeoutException("expected an answer to " + name(request) + " in time, but there was none");
        } catch (ExecutionException e) {
            throw new IOException(name(request) + ": " + e.getCause(), e.getCause());
        } finally {
            // Ends an exchange that nobody waits for any more; does nothing to one that is over.
            answer.cancel(true);
        }
    }

    /** One try; the body is read while it arrives. The caller closes it. */
    public HttpResponse<InputStream> open(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofInputStream());
    }

    /** One try; the body goes to the handler while it arrives. Cancelling what is returned ends the exchange. */
    public <T> CompletableFuture<HttpResponse<T>> stream(HttpRequest request, BodyHandler<T> handler) {
        return client.sendAsync(request, handler);
    }

    /** Looks after connections that are read as they arrive. */
    public SilenceWatch silence() {
        return silence;
    }

    /**
     * Tries until there is an answer that is not a passing failure.
     *
     * @throws UnreachableException when there is none within the patience
     */
    public HttpResponse<byte[]> repeat(HttpRequest request, Duration patience) throws InterruptedException {
        BackOff backOff = BackOff.ofCalls();
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (true) {
            OptionalInt status = OptionalInt.empty();
            Optional<IOException> failure = Optional.empty();
            try {
                HttpResponse<byte[]> answer = once(request);
                if (!passing(answer.statusCode())) {
                    return answer;
                }
                status = OptionalInt.of(answer.statusCode());
            } catch (IOException e) {
                failure = Optional.of(e);
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new UnreachableException("expected an answer to " + name(request) + " within "
                        + patience.toSeconds() + " s, but was " + (status.isPresent() ? status.getAsInt() : failure),
                        failure.orElse(null));
            }
            backOff.pause();
        }
    }

    /** Whether this status may be gone at the next try. */
    public static boolean passing(int status) {
        return status >= 500 || PASSING.contains(status);
    }

    /**
     * Returns the answer when it is a 2xx.
     *
     * @throws SupersededException for 409
     * @throws CallRefusedException for every other status
     */
    public static <T> HttpResponse<T> accepted(HttpResponse<T> answer) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return answer;
        }
        String message = "expected 2xx for " + name(answer.request()) + ", but was " + status;
        throw status == 409 ? new SupersededException(message) : new CallRefusedException(message, status);
    }

    private static String name(HttpRequest request) {
        return request.method() + " " + request.uri().getPath();
    }

    /** Ends calls that are under way; their threads get an exception. */
    @Override
    public void close() {
        silence.close();
        client.shutdownNow();
        executor.shutdown();
    }
}
