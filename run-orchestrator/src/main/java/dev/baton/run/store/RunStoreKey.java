package dev.baton.run.store;

/** Keys of the run store: {@code env_dev/echo/run_0a1b…}. Run ids hold no slash, so the last one separates. */
final class RunStoreKey {
    private RunStoreKey() {}

    static String of(String queueKey, String runId) {
        return queueKey + "/" + runId;
    }

    static String queueKeyOf(String storeKey) {
        return storeKey.substring(0, storeKey.lastIndexOf('/'));
    }
}
