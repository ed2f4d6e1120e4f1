package dev.baton.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.service.TopicCatalog;
import dev.baton.wire.token.Environments;

/**
 * Where this process listens, with settings that agree with it.
 *
 * @param settings with host, port and public URL filled in
 * @param address that host as the resolver sees it
 */
record Listener(Settings settings, InetAddress address) {
    /**
     * The options over the environment's values over the defaults.
     *
     * @param host null when not given
     * @param port null when not given, 0 for any
     * @throws SettingsException when a setting is broken or the port cannot be bound
     */
    static Listener of(Settings environment, String host, Integer port) {
        Settings settings = environment;
        if (host != null) {
            settings = settings.with(Setting.HOST, host);
        }
        InetAddress address = resolve(settings.text(Setting.HOST));
        int wanted = port == null ? settings.number(Setting.INGRESS_PORT) : port;
        int bound = FreePort.require(settings.text(Setting.HOST), wanted);
        settings = settings.with(Setting.INGRESS_PORT, Integer.toString(bound));
        Listener listener = new Listener(settings, address);
        if (!settings.isSet(Setting.PUBLIC_URL)) {
            listener = new Listener(settings.with(Setting.PUBLIC_URL, listener.localUrl()), address);
        }
        listener.check();
        return listener;
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new SettingsException("expected an address of this machine for --host, but '" + host
                    + "' is unknown. Take 127.0.0.1 for this machine alone, 0.0.0.0 for every network");
        }
    }

    /** Broken numbers and names show here, before anything has started. */
    private void check() {
        TopicCatalog.topics(settings);
        settings.number(Setting.COMMIT_INTERVAL_MS);
        settings.number(Setting.REPLY_TIMEOUT_MS);
        settings.number(Setting.LEASE_TTL_MS);
        settings.number(Setting.RING_BYTES);
        settings.number(Setting.RATE_LIMIT_BURST);
        settings.number(Setting.RATE_LIMIT_PER_SECOND);
        try {
            Environments.of(settings);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(Setting.ENVIRONMENT_ID.key() + ": " + e.getMessage());
        }
    }

    /** How this machine reaches it, without a trailing slash. */
    String localUrl() {
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : settings.text(Setting.HOST);
        String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "http://" + literal + ":" + settings.text(Setting.INGRESS_PORT);
    }

    /** Everybody knows the default key. */
    void warnOfDefaultKey() {
        boolean accepted = Environments.of(settings).bySecretKey(Settings.DEFAULT_SECRET_KEY, Instant.now())
                .isPresent();
        if (!address.isLoopbackAddress() && accepted) {
            System.err.println("""
                    ******************************************************************************
                    WARNING: listening on %s with the DEFAULT secret key, which everybody knows.
                    Whoever reaches this port can read and write every session.
                    Set BATON_SECRET_KEY to a secret of your own.
                    ******************************************************************************"""
                    .formatted(settings.text(Setting.HOST)));
        }
    }
}
