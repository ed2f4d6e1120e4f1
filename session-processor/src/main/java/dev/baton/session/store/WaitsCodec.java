package dev.baton.session.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import dev.baton.session.domain.Waits;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.WaitRow;

/** Bytes of the waits on one session: JSON with a format number, pinned by golden bytes. No waits have no entry. */
public final class WaitsCodec {
    private WaitsCodec() {}

    /** @param v format, {@value #FORMAT} */
    private record StoredWaits(int v, List<WaitRow> pending, List<Waits.UsedKey> usedKeys) {
        static final int FORMAT = 1;
    }

    public static Serde<Waits> serde() {
        return Serdes.serdeFrom((topic, waits) -> waits == null ? null : write(waits),
                (topic, bytes) -> bytes == null ? null : read(bytes));
    }

    static byte[] write(Waits waits) {
        return WireJson.bytes(new StoredWaits(StoredWaits.FORMAT, waits.pending(), waits.usedKeys()));
    }

    /** @throws SerializationException when the bytes are not of a known format; the task then stops */
    static Waits read(byte[] bytes) {
        try {
            int format = WireJson.MAPPER.readTree(bytes).path("v").asInt();
            if (format != StoredWaits.FORMAT) {
                throw new SerializationException("expected waits of format " + StoredWaits.FORMAT + ", but was "
                        + format + ": start a version of Baton that knows this format");
            }
            StoredWaits stored = WireJson.read(bytes, StoredWaits.class);
            return new Waits(stored.pending(), stored.usedKeys());
        } catch (IOException | UncheckedIOException e) {
            throw new SerializationException("expected the JSON of waits", e);
        }
    }
}
