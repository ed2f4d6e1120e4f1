package dev.baton.wire.token;

/**
 * One scope of a public access token: {@code action[:type[:id]]}, split at the first two colons only, so ids may hold
 * colons and slashes (contract §4.3).
 *
 * @param type null in a bare action
 * @param id null when the scope covers the whole type
 */
public record Scope(String action, String type, String id) {
    public static Scope parse(String text) {
        String[] parts = text.split(":", 3);
        return new Scope(parts[0], parts.length > 1 ? parts[1] : null, parts.length > 2 ? parts[2] : null);
    }

    /** Whether this scope allows an action on one resource; {@code resourceId} null asks for the type as a whole. */
    public boolean allows(String wantedAction, String resourceType, String resourceId) {
        if (type == null) {
            return action.equals("admin");
        }
        return actionCovers(wantedAction) && (type.equals("all") || type.equals(resourceType))
                && (id == null || id.equals(resourceId));
    }

    private boolean actionCovers(String wanted) {
        return action.equals("*") || action.equals(wanted) || action.equals("write")
                && (wanted.equals("trigger") || wanted.equals("batchTrigger") || wanted.equals("update"));
    }
}
