package dev.baton.ingress.http;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.sse.SseClock;
import dev.baton.ingress.sse.SseSession;
import dev.baton.ingress.tail.Subscription;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.token.Credential;

/** Streams of a channel (contract §2.2, §2.3). Each one holds the virtual thread of its request. */
public final class StreamRoutes implements Routes {
    /** Open streams per process; measured: 19,500 fit (about 1 GB). */
    private static final int STREAMS_MAX = 19_500;
    private static final Logger LOG = LoggerFactory.getLogger(StreamRoutes.class);

    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final ChannelReader reader;
    private final AtomicInteger open = new AtomicInteger();

    public StreamRoutes(Authenticator authenticator, SessionDirectory sessions, ChannelReader reader) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.reader = reader;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(ChannelRoutes.CHANNEL, this::stream);
        routes.get(ChannelRoutes.SIDE_CHANNEL, this::stream);
    }

    private void stream(Context ctx) throws InterruptedException {
        CorsPolicy.exposeAll(ctx);
        Credential credential = authenticator.authenticate(ctx);
        Duration silenceMax = Cursors.timeoutSeconds(ctx.header("Timeout-Seconds"));
        ChannelAddress target = ChannelAddress.readable(ctx, credential, sessions);
        if (open.incrementAndGet() > STREAMS_MAX) {
            open.decrementAndGet();
            throw Failures.tooManyStreams();
        }
        try (Subscription records = subscribe(ctx, target)) {
            write(ctx.res(), records, silenceMax);
        } catch (IOException e) {
            // The ordinary end of a stream: the reader went away.
            LOG.debug("stream ended by its reader: {}", e.toString());
        } finally {
            open.decrementAndGet();
        }
    }

    private Subscription subscribe(Context ctx, ChannelAddress address) throws InterruptedException {
        ChannelReader.Target target = address.readTarget();
        OptionalLong cursor = Cursors.lastEventId(ctx.header("Last-Event-ID"));
        boolean peek = target.channel() == Channel.OUT && !address.isSide() && "1".equals(ctx.header("X-Peek-Settled"));
        if (peek && reader.settled(target)) {
            ctx.header("X-Session-Settled", "true");
            return reader.readNow(target, cursor);
        }
        boolean fromEnd = ctx.header("Last-Event-ID") == null
                && "latest".equals(ctx.header("X-Trigger-Stream-Start"));
        return fromEnd ? reader.followFromEnd(target) : reader.follow(target, cursor);
    }

    /** Headers leave at once: clients give up when they take long, and there may be nothing to say for a while. */
    private static void write(HttpServletResponse response, Subscription records, Duration silenceMax)
            throws IOException, InterruptedException {
        response.setContentType("text/event-stream; charset=utf-8");
        response.setHeader("Cache-Control", "no-cache, no-transform");
        response.setHeader("X-Accel-Buffering", "no");
        response.setHeader("X-Stream-Version", "v2");
        response.flushBuffer();
        new SseSession(records, response.getOutputStream(), silenceMax, SseClock.SYSTEM).run();
    }
}
