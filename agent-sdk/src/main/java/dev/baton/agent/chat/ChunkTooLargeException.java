package dev.baton.agent.chat;

/** A chunk is larger than one record may be (features #124). Nothing of it was sent; the answer can go on. */
public final class ChunkTooLargeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String chunkType;
    private final long chunkBytes;

    ChunkTooLargeException(String chunkType, long chunkBytes) {
        super("expected a chunk of at most " + AnswerStream.CHUNK_BYTES_MAX + " bytes, but this " + chunkType + " has "
                + chunkBytes + ": split it, or send a link to it");
        this.chunkType = chunkType;
        this.chunkBytes = chunkBytes;
    }

    public String chunkType() {
        return chunkType;
    }

    /** Size of its JSON in bytes of UTF-8. */
    public long chunkBytes() {
        return chunkBytes;
    }
}
