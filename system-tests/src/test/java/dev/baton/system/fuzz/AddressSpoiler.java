package dev.baton.system.fuzz;

/** Methods, paths and queries as they should not be. */
final class AddressSpoiler {
    private final Dice dice;

    AddressSpoiler(Dice dice) {
        this.dice = dice;
    }

    void spoilMethod(Draft draft) {
        draft.elsewhere = true;
        draft.method = dice.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "BREW",
                "X".repeat(40), "P\u00f6ST");
        if (draft.method.equals(FuzzedRoute.DELETE.method())) {
            // What the other requests stand on must stay.
            draft.target = draft.target.replace("/api/v1/sessions/", "/api/v1/sessions/none-");
        }
        draft.malformed = true;
        // An answer to HEAD, or to what is not understood, cannot be told from the next one.
        draft.endless = true;
    }

    void spoilPath(Draft draft) {
        draft.elsewhere = true;
        draft.malformed = true;
        String path = draft.target;
        int at = path.isEmpty() ? 0 : dice.below(path.length() + 1);
        draft.target = switch (dice.below(14)) {
            case 0 ->
                inserted(path, at, dice.of("%2F", "%2f", "%00", "%25", "%20", "%3F", "%23", "%5C", "%2e%2e", "%0d%0a"));
            case 1 -> inserted(path, at, dice.of("%ff", "%c3%28", "%e2%82", "%ed%a0%80", "%", "%z", "%1", "%u0041"));
            case 2 -> inserted(path, at, dice.of("/../", "/./", "//", "..;/", ";a=b", ";", "/%2e/", "\\"));
            case 3 -> inserted(path, at, dice.octets(1 + dice.below(4)));
            case 4 -> path.substring(0, at);
            case 5 -> path + dice.of("/", "//", "/x", "/append", "/records", "?", "#x", "/channels/a/in/append");
            case 6 -> inserted(path, at, "a".repeat(dice.of(300, 4_000, 9_000, 20_000)));
            case 7 -> "http://127.0.0.1" + path;
            case 8 -> dice.of("*", "", "/", "x", "?", "//", "http://", "http://:99999/", "/api/v1/sessions/%2F/close");
            case 9 -> path.toUpperCase(java.util.Locale.ROOT);
            case 10 -> path.replace("/v1/", dice.of("/v2/", "/v1", "//v1//"));
            case 11 -> path.replaceFirst("/(in|out)", dice.of("/IN", "/sideways", "/in%20", "/", "/%69n"));
            case 12 ->
                path.replaceFirst("attempts/[^/]*", "attempts/" + dice.of("0", "-1", "x", "99999999999", "1.0", "%31"));
            default -> path.replaceFirst("sessions/[^/]*",
                    "sessions/"
                            + dice.of("session_", "session_c000000000000000000000000", "%20", "a%2Fb", "x".repeat(300),
                                    "%F0%9F%98%80", "..%2f..", "a:channels:b", "a:in", "null", "{session}"));
        };
    }

    /** For any route; those that read no query must not mind. */
    void spoilQuery(Draft draft) {
        String name = dice.of("page[size]", "page[after]", "page[before]", "filter[type]", "filter[tags]",
                "filter[taskIdentifier]", "filter[externalId]", "filter[status]", "filter[createdAt][from]",
                "filter[createdAt][to]", "filter[createdAt][period]", "afterEventId", "page%5Bsize%5D", "", "a[][b]");
        String value = dice.of("", "0", "1", "100", "101", "-1", "NaN", "1e3", "99999999999999999999", "%20", "ACTIVE",
                "ACTIVE,CLOSED,", "active", ",,,", "1d", "999999999w", "1x", "MTox", "%ff", "%", "%zz", "a%00b", "null",
                dice.secret(), dice.secret().repeat(200), "9007199254740993", "0x10", "+5", "%F0%9F%98%80");
        String pair = name + dice.of("=", "=", "=", "", "==", "=&") + value;
        draft.target += (draft.target.contains("?") ? "&" : "?") + pair;
        if (dice.once(3)) {
            spoilQuery(draft);
        }
    }

    private static String inserted(String text, int at, String part) {
        return text.substring(0, at) + part + text.substring(at);
    }
}
