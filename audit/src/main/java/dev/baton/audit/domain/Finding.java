package dev.baton.audit.domain;

/**
 * Something in the topics or in the object store that does not fit together. None of these appears while Baton works as
 * it should, on a live system either.
 */
public sealed interface Finding permits ChannelFinding, OwnershipFinding, SnapshotFinding, DeletionFinding {
    /** Names the case, for programs: {@code in-gap}. */
    String kind();

    /** What should be there, for people. */
    String expected();

    /** What is there, for people. */
    String actual();

    /** Of a snapshot that is behind: it may be on its way while the object store is slow, and is worth a second look. */
    default boolean mayPass() {
        return false;
    }
}
