package dev.baton.wire.token;

import java.util.List;

import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/** What a bearer turned out to be. */
public sealed interface Credential {
    Environment environment();

    /** The environment's secret key: everything in the environment, but it names no run. */
    record SecretKey(Environment environment) implements Credential {}

    /** A public access token: only what its scopes say (contract §4). */
    record PublicToken(Environment environment, List<Scope> scopes) implements Credential {}

    /** A run's credential: works where a secret key works, for its own session, while its generation owns it. */
    record RunToken(Environment environment, SessionKey sessionKey, Writer writer) implements Credential {}

    /** Whether the holder may do what only a secret key may do, in this session. */
    default boolean actsAsSecretKeyFor(SessionKey key) {
        return switch (this) {
            case SecretKey _ -> true;
            case PublicToken _ -> false;
            case RunToken token -> token.sessionKey().equals(key);
        };
    }

    /** Who writes when this credential appends. */
    default Writer writer() {
        return switch (this) {
            case SecretKey _,PublicToken _ -> Writer.UNNAMED;
            case RunToken token -> token.writer();
        };
    }
}
