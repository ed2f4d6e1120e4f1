package dev.baton.system.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.baton.system.support.AppendStream;
import dev.baton.system.support.AppendStreams;
import dev.baton.system.support.RawHttp;

/** One HTTP/2 connection with append sessions whose frames are what a seed says (contract §2.6 A). */
final class FrameFuzz implements Runnable {
    private static final Set<Integer> TERMINAL = Set.of(400, 409, 413, 415, 503);
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int COMPLAINTS_MAX = 3;
    private static final int SHOWN_BYTES = 200;

    private final URI url;
    private final long seed;
    private final int count;
    private final Ground ground;
    private final Dice dice;
    private final Forms forms;
    private final BodySpoiler bodies;
    final List<String> complaints = new CopyOnWriteArrayList<>();

    FrameFuzz(URI url, long seed, int count, Ground ground) {
        this.url = url;
        this.seed = seed;
        this.count = count;
        this.ground = ground;
        this.dice = new Dice(seed);
        this.forms = new Forms(dice, ground);
        this.bodies = new BodySpoiler(dice);
    }

    @Override
    public void run() {
        try (AppendStreams connection = AppendStreams.connect(url)) {
            for (int i = 0; i < count && complaints.size() < COMPLAINTS_MAX; i++) {
                byte[] bytes = frames();
                Optional<String> complaint = dice.once(20) ? noise() : session(connection, bytes);
                complaint.ifPresent(text -> complain(text, bytes));
            }
        } catch (Exception e) {
            complain(e.toString(), new byte[0]);
        }
    }

    private void complain(String text, byte[] bytes) {
        complaints.add("append session, seed " + seed + ": " + text + "\n    "
                + HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES))));
    }

    private Optional<String> session(AppendStreams connection, byte[] bytes) throws Exception {
        Ground.Place place = dice.of(ground.places());
        AppendStream stream = connection.open(url + "/s2/v1/streams/" + place.stream() + "/records",
                place.writeToken());
        if (stream.status() != 200) {
            return Optional.of("status " + stream.status());
        }
        for (int at = 0; at < bytes.length;) {
            int next = dice.once(3) ? Math.min(bytes.length, at + 1 + dice.below(9)) : bytes.length;
            stream.sendRaw(Arrays.copyOfRange(bytes, at, next));
            at = next;
        }
        stream.end();
        stream.awaitEnd();
        return stream.answers().stream().filter(answer -> answer.status() != 200)
                .filter(answer -> !TERMINAL.contains(answer.status())).map(Object::toString).findFirst();
    }

    private byte[] frames() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = dice.of(0, 1, 1, 2, 20); i >= 0; i--) {
            frames.writeBytes(dice.once(3) ? spoiledFrame() : AppendStream.frame(0, forms.protobuf()));
        }
        return frames.toByteArray();
    }

    private byte[] spoiledFrame() {
        byte[] frame = AppendStream.frame(0, forms.protobuf());
        return switch (dice.below(8)) {
            case 0 -> Arrays.copyOf(frame, dice.below(frame.length));
            case 1 -> new byte[]{0, 0, 0};
            case 2 -> new byte[]{(byte) dice.below(256), (byte) dice.below(256), (byte) dice.below(256), 0, 1, 2, 3};
            case 3 -> AppendStream.frame(dice.of(0x80, 0x20, 0x40, 0x60, 0x01, 0xff, 0x1f), forms.protobuf());
            case 4 -> dice.bytes(dice.of(1, 3, 4, 50, 2_000));
            case 5 -> AppendStream.frame(0, new byte[0]);
            case 6 -> AppendStream.frame(0, dice.secret().getBytes(StandardCharsets.UTF_8));
            default -> AppendStream.frame(0, bodies.flipped(forms.protobuf()));
        };
    }

    /** Bytes that are no HTTP/2 after its beginning, or not even that. */
    private Optional<String> noise() throws IOException {
        try (RawHttp raw = RawHttp.connect(url, PATIENCE)) {
            raw.send(PREFACE.substring(0, dice.of(3, 14, PREFACE.length(), PREFACE.length())));
            raw.send(dice.bytes(dice.of(1, 9, 100, 3_000)));
            raw.endOutput();
            while (raw.read() >= 0) {
                continue;
            }
            return Optional.empty();
        } catch (SocketException _) {
            // Hung up on: as it should be.
            return Optional.empty();
        }
    }
}
