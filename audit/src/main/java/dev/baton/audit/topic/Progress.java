package dev.baton.audit.topic;

/** Hears how far a long read has come. */
@FunctionalInterface
public interface Progress {
    /** Nobody listens. */
    Progress NONE = (_, _, _) -> {};

    /**
     * @param source the partition, or what else is read: {@code baton.session.out-3}
     * @param done offsets that were read
     * @param total offsets that there are to read
     */
    void at(String source, long done, long total);
}
