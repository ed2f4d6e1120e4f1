package dev.baton.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.session.SessionKey;

/**
 * The one place where names of topics, record keys, ids and objects are built or taken apart.
 *
 * <p>Examples: topic {@code baton.session.out}, session key {@code env_dev/chat-1}, queue key {@code env_dev/echo},
 * provenance key {@code env_dev/chat-1/run_0a1b…}, snapshot object
 * {@code packets/proj_local/dev/sessions/session_c…/snapshot.json}.
 */
public final class Names {
    /** Commands of the control plane; key: session key. */
    public static final String COMMANDS_TOPIC = "baton.commands";
    /** Answers to commands; the partition is chosen by the ingress that waits. */
    public static final String REPLIES_TOPIC = "baton.replies";
    /** The {@code .in} channels of all sessions; key: session key. Written in transactions: read committed. */
    public static final String SESSION_IN_TOPIC = "baton.session.in";
    /** The {@code .out} channels of all sessions; key: session key; a record's seq is its offset. */
    public static final String SESSION_OUT_TOPIC = "baton.session.out";
    /** The rows of all sessions, compacted; key: session key. */
    public static final String SESSIONS_TOPIC = "baton.sessions";
    /** Provenance: one row per run of a session, compacted; key: session key, slash, run id. */
    public static final String SESSION_RUNS_TOPIC = "baton.session-runs";
    /** What the session topology asks of the orchestrator; key: queue key. */
    public static final String RUN_REQUESTS_TOPIC = "baton.run-requests";
    /** What the worker gateways tell the run topology; key: queue key. */
    public static final String RUN_REPORTS_TOPIC = "baton.run-reports";
    /** What the run topology tells the worker gateways; key: gateway id. */
    public static final String RUN_ASSIGNMENTS_TOPIC = "baton.run-assignments";
    /** What the orchestrator tells the session topology; key: session key. */
    public static final String RUN_EVENTS_TOPIC = "baton.run-events";
    /** What happened to each run between its request and its end, compacted for some days; key: that of its provenance. */
    public static final String RUN_STEPS_TOPIC = "baton.run-steps";
    /** Waits of runs on channels, compacted for as long as they are kept; key: session key, slash, waitpoint id. */
    public static final String WAITS_TOPIC = "baton.waits";

    /** Reserved prefix: a path value that starts with it is a friendly id, every other one an externalId. */
    public static final String SESSION_ID_PREFIX = "session_";
    public static final String RUN_ID_PREFIX = "run_";
    /** Between the chat id and the name of a side channel, in record keys and in scopes. */
    public static final String SIDE_CHANNEL_SEPARATOR = ":channels:";
    public static final String WAITPOINT_ID_PREFIX = "waitpoint_";

    private Names() {}

    /** {@code env_dev/chat-1}; the key itself knows its text, so that records can be read without this class. */
    public static String sessionKey(SessionKey key) {
        return key.toString();
    }

    public static SessionKey parseSessionKey(String text) {
        return SessionKey.parse(text);
    }

    /** {@code env_dev/echo}: all runs of one task of one environment share a queue and so a partition. */
    public static String queueKey(String environmentId, String taskIdentifier) {
        return environmentId + "/" + taskIdentifier;
    }

    /** {@code env_dev/chat-1/run_0a1b…}. Run ids hold no slash, so the last one separates. */
    public static String provenanceKey(SessionKey key, String runId) {
        return sessionKey(key) + "/" + runId;
    }

    /** {@code env_dev/chat-1/waitpoint_c0a1b…}. Waitpoint ids hold no slash, so the last one separates. */
    public static String waitKey(SessionKey key, String waitpointId) {
        return sessionKey(key) + "/" + waitpointId;
    }

    /** The session key inside a key of something that belongs to a session: a provenance key or a wait key. */
    public static String sessionKeyOf(String keyOfPart) {
        return keyOfPart.substring(0, keyOfPart.lastIndexOf('/'));
    }

    /**
     * The id of the run with this generation of a session: always the same, so that a decision that is taken again
     * after a crash names the same run. {@code run_} and 26 characters of lower-case base 32 (hex alphabet).
     */
    public static String runId(String sessionId, long generation) {
        byte[] digest = sha256(sessionId + ":" + generation);
        StringBuilder id = new StringBuilder(RUN_ID_PREFIX);
        for (int i = 0; i < 26; i++) {
            id.append(Character.forDigit(fiveBits(digest, i), 32));
        }
        return id.toString();
    }

    public static boolean isFriendlySessionId(String pathValue) {
        return pathValue.startsWith(SESSION_ID_PREFIX);
    }

    /** {@code packets/{projectRef}/{envSlug}/sessions/{sessionId}/snapshot.json}; sessionId is the friendly id. */
    public static String snapshotObject(String projectRef, String environmentSlug, String sessionId) {
        return "packets/" + projectRef + "/" + environmentSlug + "/sessions/" + sessionId + "/snapshot.json";
    }

    /**
     * {@code env_dev/chat-1:channels:progress}: the record key of a side channel, in both directions. No externalId may hold
     * the separator, so it names no session.
     */
    public static SessionKey sideChannelKey(SessionKey session, String name) {
        return new SessionKey(session.environmentId(), session.chatId() + SIDE_CHANNEL_SEPARATOR + name);
    }

    /** Whether a record key, or an id in a URL, names a side channel and not a session. */
    public static boolean namesSideChannel(String chatId) {
        return chatId.contains(SIDE_CHANNEL_SEPARATOR);
    }

    /** The key of the session that a channel belongs to: of a side channel, or of the session's own channels. */
    public static SessionKey sessionOf(SessionKey channelKey) {
        int separator = channelKey.chatId().lastIndexOf(SIDE_CHANNEL_SEPARATOR);
        return separator < 0
                ? channelKey
                : new SessionKey(channelKey.environmentId(), channelKey.chatId().substring(0, separator));
    }

    /** The opaque, slash-free stream name of the write facade: base64url of {@code io:sessionKey}. */
    public static String streamName(SessionKey key, Channel channel) {
        byte[] text = (channel.wireName() + ":" + sessionKey(key)).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    /** The group of a service, also the application id of its topology: {@code baton-session-processor}. */
    public static String group(String service) {
        return "baton-" + service.toLowerCase(Locale.ROOT);
    }

    /** A short stable name for log lines and file names: the first 12 hex digits of the key's SHA-256. */
    public static String fingerprint(String text) {
        return HexFormat.of().formatHex(sha256(text), 0, 6);
    }

    private static int fiveBits(byte[] digest, int index) {
        int bit = index * 5;
        int twoBytes = ((digest[bit / 8] & 0xff) << 8) | (digest[bit / 8 + 1] & 0xff);
        return (twoBytes >> (11 - bit % 8)) & 0x1f;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
