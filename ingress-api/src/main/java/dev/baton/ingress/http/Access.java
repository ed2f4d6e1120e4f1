package dev.baton.ingress.http;

import java.util.Collection;
import java.util.List;
import java.util.Set;

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

    /**
     * A list shows sessions of all chats: a grant on single sessions opens none. With a filter on tasks a grant on each
     * of them is enough. A run token is for its own session.
     */
    static boolean mayList(Credential credential, Set<String> taskIdentifiers) {
        return switch (credential) {
            case Credential.SecretKey _ -> true;
            case Credential.RunToken _ -> false;
            case Credential.PublicToken token -> allows(token.scopes(), READ, SESSIONS, null)
                    || allows(token.scopes(), READ, TASKS, null) || !taskIdentifiers.isEmpty()
                            && taskIdentifiers.stream().allMatch(task -> allows(token.scopes(), READ, TASKS, task));
        };
    }

    /** A run passes on what names its own session or itself; what covers more than that is not its own. */
    static boolean mayGrant(Credential.RunToken run, String scopeText, Collection<String> sessionForms) {
        Scope scope = Scope.parse(scopeText);
        if (scope.type() == null || scope.id() == null) {
            return false;
        }
        return switch (scope.type()) {
            case SESSIONS -> sessionForms.stream().anyMatch(form -> isWithin(form, scope.id()));
            case "runs", "inputStreams" -> scope.id().equals(run.writer().runId());
            default -> false;
        };
    }

    /** A session, or one of its channels: no externalId can look like that (contract §1.2, 422). */
    private static boolean isWithin(String form, String scopeId) {
        return scopeId.equals(form) || scopeId.equals(form + ":in") || scopeId.equals(form + ":out")
                || scopeId.startsWith(form + ":channels:");
    }

    static void require(boolean allowed) {
        if (!allowed) {
            throw Failures.forbidden();
        }
    }

    /** A run that has ended or was superseded writes nothing (design D5). @param row null when the session has none */
    static void requireCurrent(Credential credential, SessionRow row) {
        requireCurrent(credential.writer().generation(), row);
    }

    static void requireCurrent(long generation, SessionRow row) {
        if (row != null && row.hasLeft(generation)) {
            throw Failures.staleGeneration(generation, row.generation());
        }
    }

    private static boolean allows(List<Scope> scopes, String action, String type, String id) {
        return scopes.stream().anyMatch(scope -> scope.allows(action, type, id));
    }
}
