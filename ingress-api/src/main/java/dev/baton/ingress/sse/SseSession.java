package dev.baton.ingress.sse;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

import dev.baton.ingress.tail.Delivery;
import dev.baton.ingress.tail.DeliverySource;

/**
 * One open stream: takes deliveries and writes frames until the client has heard nothing for the time it asked for
 * (contract §2.2: the window counts silence, not age). Runs on the thread of its request; a client that is gone shows
 * itself at the next write, at the latest with the next ping.
 */
public final class SseSession {
    static final Duration PING_INTERVAL = Duration.ofSeconds(5);

    private final DeliverySource source;
    private final OutputStream out;
    private final Duration silenceMax;
    private final SseClock clock;
    /** Nano times: of the last record, and of the last frame of any kind. */
    private long lastRecord;
    private long lastFrame;

    public SseSession(DeliverySource source, OutputStream out, Duration silenceMax, SseClock clock) {
        this.source = source;
        this.out = out;
        this.silenceMax = silenceMax;
        this.clock = clock;
    }

    /** Returns when the stream is over; the response can be closed then. @throws IOException when the client is gone */
    public void run() throws IOException, InterruptedException {
        lastRecord = clock.nanoTime();
        lastFrame = lastRecord;
        while (handle(source.take(untilNextAct()))) {
            // All state is in the fields.
        }
    }

    /** @return whether the stream goes on */
    private boolean handle(Delivery delivery) throws IOException {
        return switch (delivery) {
            case Delivery.Records records -> {
                write(SseFrames.batch(records));
                lastRecord = lastFrame;
                yield true;
            }
            case Delivery.Silence silence -> staySilent(silence);
            case Delivery.Finished _ -> {
                write(SseFrames.DONE);
                yield false;
            }
            case Delivery.Broken broken -> {
                write(SseFrames.error(broken.reason()));
                yield false;
            }
        };
    }

    private boolean staySilent(Delivery.Silence silence) throws IOException {
        long now = clock.nanoTime();
        if (!silence.caughtUp()) {
            // The client waits for us, not for the agent.
            lastRecord = now;
        }
        if (now - lastRecord >= silenceMax.toNanos()) {
            write(SseFrames.DONE);
            return false;
        }
        if (now - lastFrame >= PING_INTERVAL.toNanos()) {
            write(SseFrames.ping(clock.epochMs(), silence.tail()));
        }
        return true;
    }

    private Duration untilNextAct() {
        long now = clock.nanoTime();
        long untilPing = lastFrame + PING_INTERVAL.toNanos() - now;
        long untilEnd = lastRecord + silenceMax.toNanos() - now;
        return Duration.ofNanos(Math.max(0, Math.min(untilPing, untilEnd)));
    }

    private void write(byte[] frame) throws IOException {
        out.write(frame);
        out.flush();
        lastFrame = clock.nanoTime();
    }
}
