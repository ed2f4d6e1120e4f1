package dev.baton.ingress.http;

import java.util.Collection;
import java.util.List;

import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.Scope;

/** Who may do what (contract §4.3, §4.4). Pure. */
final class Access {
    static final String READ = "read";
    static final String WRITE = "write";
    static final String ADMIN = "admin";
    private static final String SESSIONS = "sessions";
    private static final String TASKS = "tasks";

    private Access() {}

    /** @param ids any of them makes a scope fit; an empty list denies */
    static boolean may(Credential credential, String action, SessionKey key, Collection<String> ids) {
        return switch (credential) {
            case Credential.SecretKey _,Credential.RunToken _ -> credential.actsAsSecretKeyFor(key);
            case Credential.PublicToken token ->
                ids.stream().anyMatch(id -> allows(token.scopes(), action, SESSIONS, id));
        };
    }

    /** Needs both: starting the task and writing sessions as a whole (features X3). A run token starts no sessions. */
    static boolean mayCreate(Credential credential, String taskIdentifier) {
        return switch (credential) {
            case Credential.SecretKey _ -> true;
            case Credential.RunToken _ -> false;
            case Credential.PublicToken token -> allows(token.scopes(), "trigger", TASKS, taskIdentifier)
                    && allows(token.scopes(), WRITE, SESSIONS, null);
        };
    }

    static void require(boolean allowed) {
        if (!allowed) {
            throw Failures.forbidden();
        }
    }

    /** A run that was superseded writes nothing (design D5). @param row null when the session has none */
    static void requireCurrent(Credential credential, SessionRow row) {
        requireCurrent(credential.writer().generation(), row);
    }

    static void requireCurrent(long generation, SessionRow row) {
        if (generation > 0 && row != null && generation < row.generation()) {
            throw Failures.staleGeneration(generation, row.generation());
        }
    }

    private static boolean allows(List<Scope> scopes, String action, String type, String id) {
        return scopes.stream().anyMatch(scope -> scope.allows(action, type, id));
    }
}
