package dev.baton.wire.service;

/**
 * Every setting of every service: its name in the process environment, its default, what it does. The reference table
 * in docs/OPERATIONS.md is checked against this list.
 */
public enum Setting {
    KAFKA_BOOTSTRAP("BATON_KAFKA_BOOTSTRAP", "",
            "Kafka brokers, host:port[,…]. Empty in standalone: an embedded broker"),
    PARTITIONS("BATON_PARTITIONS", "4",
            "Partitions of every keyed topic. Fixed at creation: choose for the years ahead"),
    REPLICATION_FACTOR("BATON_REPLICATION_FACTOR", "1",
            "Replicas of every topic that Baton creates"),
    OUT_RETENTION_HOURS("BATON_OUT_RETENTION_HOURS", "720",
            "How long the .out topic keeps records, in hours"),
    IN_RETENTION_HOURS("BATON_IN_RETENTION_HOURS", "720",
            "How long the .in topic keeps records, in hours"),
    COMMAND_RETENTION_HOURS("BATON_COMMAND_RETENTION_HOURS", "24",
            "How long commands and the reports of workers are kept, in hours"),
    RUN_RETENTION_HOURS("BATON_RUN_RETENTION_HOURS", "168",
            "How long requests, events and steps of runs are kept, in hours"),
    HOST("BATON_HOST", "127.0.0.1",
            "Address that HTTP servers bind to"),
    INGRESS_PORT("BATON_INGRESS_PORT", "8030",
            "Port of the ingress API; standalone serves everything here"),
    GATEWAY_PORT("BATON_GATEWAY_PORT", "8031",
            "Port of the worker gateway of a separate orchestrator"),
    PROCESSOR_PORT("BATON_PROCESSOR_PORT", "8032",
            "Health and metrics port of a separate session processor"),
    SNAPSHOTTER_PORT("BATON_SNAPSHOTTER_PORT", "8033",
            "Health and metrics port of a separate snapshotter"),
    PUBLIC_URL("BATON_PUBLIC_URL", "",
            "Base URL clients and workers reach the ingress at. Empty: http://HOST:INGRESS_PORT"),
    ENVIRONMENT_ID("BATON_ENVIRONMENT_ID", "env_dev",
            "Id of the environment, part of every record key"),
    ENVIRONMENT_SLUG("BATON_ENVIRONMENT_SLUG", "dev",
            "Slug of the environment, part of object keys"),
    PROJECT_REF("BATON_PROJECT_REF", "proj_local",
            "Project of the environment, part of object keys"),
    SECRET_KEY("BATON_SECRET_KEY", Settings.DEFAULT_SECRET_KEY,
            "Secret key of the environment. Change it before anybody else can reach the port"),
    ENVIRONMENTS_FILE("BATON_ENVIRONMENTS_FILE", "",
            "JSON file with several environments and their keys. Empty: the one environment of the four settings above"),
    STATE_DIR("BATON_STATE_DIR", "./.baton/state",
            "Where topologies keep their local stores"),
    STANDBY_REPLICAS("BATON_STANDBY_REPLICAS", "1",
            "Copies of each local store that other processes of the same service keep ready to take over"),
    COMMIT_INTERVAL_MS("BATON_COMMIT_INTERVAL_MS", "10",
            "Commit interval of the topologies, in milliseconds: what an append waits for"),
    REPLY_TIMEOUT_MS("BATON_REPLY_TIMEOUT_MS", "10000",
            "How long an HTTP request waits for its decision before it answers 503, in milliseconds"),
    REQUEST_TIMEOUT_MS("BATON_REQUEST_TIMEOUT_MS", "60000",
            "How long a request may take to arrive, its head and again its body, in milliseconds"),
    IDLE_TIMEOUT_MS("BATON_IDLE_TIMEOUT_MS", "30000",
            "How long nothing may move on a connection, in milliseconds. Append sessions may be silent for 10 minutes"),
    LEASE_TTL_MS("BATON_LEASE_TTL_MS", "5000",
            "Without a heartbeat for this long a worker's runs count as crashed, in milliseconds"),
    STOP_GRACE_MS("BATON_STOP_GRACE_MS", "10000",
            "How long a run that was told to stop may take before it is over without its worker's word, in milliseconds"),
    RATE_LIMIT_BURST("BATON_RATE_LIMIT_BURST", "20000",
            "Requests to /api that one key or token may send at once. 0: no limit"),
    RATE_LIMIT_PER_SECOND("BATON_RATE_LIMIT_PER_SECOND", "5000",
            "Requests to /api per second that one key or token may send in the long run"),
    APPEND_RATE_LIMIT_BURST("BATON_APPEND_RATE_LIMIT_BURST", "20000",
            "Appends to channels that one key or token may send at once. 0: no limit"),
    APPEND_RATE_LIMIT_PER_SECOND("BATON_APPEND_RATE_LIMIT_PER_SECOND", "5000",
            "Appends to channels per second that one key or token may send in the long run"),
    RING_BYTES("BATON_RING_BYTES", "8388608",
            "Recent records that an ingress keeps in memory per partition, in bytes"),
    OBJECT_STORE_BASE_URL("OBJECT_STORE_BASE_URL", "",
            "URL of the S3-compatible store. Empty in standalone: an embedded store"),
    OBJECT_STORE_ACCESS_KEY_ID("OBJECT_STORE_ACCESS_KEY_ID", "",
            "Access key of the object store"),
    OBJECT_STORE_SECRET_ACCESS_KEY("OBJECT_STORE_SECRET_ACCESS_KEY", "",
            "Secret access key of the object store"),
    OBJECT_STORE_BUCKET("OBJECT_STORE_BUCKET", "baton",
            "Bucket for snapshots"),
    OBJECT_STORE_REGION("OBJECT_STORE_REGION", "us-east-1",
            "Region of the bucket");

    private final String key;
    private final String defaultText;
    private final String purpose;

    Setting(String key, String defaultText, String purpose) {
        this.key = key;
        this.defaultText = defaultText;
        this.purpose = purpose;
    }

    /** Name in the process environment. */
    public String key() {
        return key;
    }

    public String defaultText() {
        return defaultText;
    }

    public String purpose() {
        return purpose;
    }
}
