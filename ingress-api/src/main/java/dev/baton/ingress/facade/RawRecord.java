package dev.baton.ingress.facade;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A record as a client sent it, in any form: not yet judged. The arrays are not copied and must not change. */
public record RawRecord(byte[] body, List<RawHeader> headers) {

    /** Names and values are bytes in this protocol; ours are text. */
    public record RawHeader(byte[] name, byte[] value) {
        public static RawHeader of(String name, String value) {
            return new RawHeader(name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** @throws FacadeFailure when the bytes are no UTF-8: readers get JSON, which holds nothing else */
    static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw FacadeFailure.invalid("Expected UTF-8 text in records and headers");
        }
    }
}
