package dev.baton.ingress.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.FacadeGrant;
import dev.baton.wire.token.Tokens;

/** The credentials of direct writes, as headers of an init answer (contract §2.1). */
public final class DirectWrites {
    /** Under this path {@link FacadeRoutes} listens. */
    static final String ENDPOINT_PATH = "/s2/v1";
    /** Clients demand 8–48 characters of lower-case letters, digits and dashes; it means nothing here. */
    private static final String BASIN = "baton-sessions";
    /** How long a writer may gather records before it sends them, in milliseconds: people watch tokens arrive. */
    private static final String FLUSH_INTERVAL_MS = "100";
    private static final String MAX_RETRIES = "10";

    private final Tokens tokens;
    private final Supplier<String> publicUrl;

    /** @param publicUrl base URL at which workers reach this ingress, without a trailing slash */
    public DirectWrites(Tokens tokens, Supplier<String> publicUrl) {
        this.tokens = tokens;
        this.publicUrl = publicUrl;
    }

    Map<String, String> headers(Credential credential, SessionKey key, Channel channel) {
        FacadeGrant grant = new FacadeGrant(credential.environment(), key, channel, credential.writer());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-S2-Access-Token", tokens.mintFacadeToken(grant));
        headers.put("X-S2-Stream-Name", Names.streamName(key, channel));
        headers.put("X-S2-Basin", BASIN);
        headers.put("X-S2-Endpoint", publicUrl.get() + ENDPOINT_PATH);
        headers.put("X-S2-Flush-Interval-Ms", FLUSH_INTERVAL_MS);
        headers.put("X-S2-Max-Retries", MAX_RETRIES);
        return headers;
    }
}
