package dev.baton.system.fuzz;

/** Headers as they should not be. */
final class HeaderSpoiler {
    private final Dice dice;

    HeaderSpoiler(Dice dice) {
        this.dice = dice;
    }

    void spoil(Draft draft) {
        switch (dice.below(16)) {
            case 0 -> draft.replaceHeader("X-Part-Id", partId(draft));
            case 1 -> draft.replaceHeader("Timeout-Seconds", dice.of("0", "-1", "601", "1e2", "x", "", "99999999999",
                    " 5 ", "0x5", "\u00b2"));
            case 2 ->
                draft.replaceHeader("Last-Event-ID", dice.of("-1", "x", "99999999999999999999999", "5-abc", "-", "",
                        "007", "\u0664", "5-" + dice.octets(4)));
            case 3 -> draft.replaceHeader("X-Peek-Settled", dice.of("1", "true", "0", "11"));
            case 4 -> draft.replaceHeader("X-Trigger-Stream-Start", dice.of("latest", "LATEST", "x"));
            case 5 -> draft.replaceHeader("Content-Type", dice.of("text/plain", "application/protobuf", "s2s/proto", "",
                    "application/json; charset=utf-16", "application/json;charset=nonsense", "a".repeat(5_000),
                    "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"));
            case 6 -> draft.header("Content-Encoding", dice.of("gzip", "identity", "br", "zstd, gzip", ""));
            case 7 ->
                draft.header("Origin", dice.of("https://app.example", "null", "", dice.secret(), "a".repeat(3_000)));
            case 8 -> draft.header("Access-Control-Request-Headers", dice.of("x-a, x-b", dice.secret(), ""));
            case 9 -> draft.header("Accept", dice.of("application/json", "text/event-stream", "*/*;q=x", ""));
            case 10 -> draft.header("Cookie", dice.of("a=b", "=;;=", "\"", dice.secret()));
            case 11 -> {
                draft.header("X-HTTP-Method-Override", "DELETE");
                draft.header("X-Forwarded-For", dice.octets(5));
                draft.malformed = true;
            }
            default -> spoilFraming(draft);
        }
        if (draft.headers.stream().anyMatch(each -> each[1].chars().anyMatch(c -> c < ' ' || c > '~'))) {
            draft.malformed = true;
        }
    }

    private String partId(Draft draft) {
        return dice.of("", " ", dice.secret(), dice.secret() + dice.octets(6), "p".repeat(300), "p".repeat(7_000),
                "\u00e9",
                "a,b", "\"" + dice.secret() + "\"");
    }

    /** Where the request ends, and which rules it follows: the server may answer at once, or hang up. */
    private void spoilFraming(Draft draft) {
        draft.malformed = true;
        draft.endless = true;
        switch (dice.below(14)) {
            case 0 -> draft.contentLength = dice.of("-1", "x", "", "99999999999999999999", "1, 2", "0x10", "+1");
            case 1 -> draft.contentLength = String.valueOf(draft.body.length + 1 + dice.below(100));
            case 2 -> draft.contentLength = String.valueOf(draft.body.length / 2);
            case 3 -> draft.contentLength = dice.of("4194305", "1048577", "2147483648");
            case 4 -> draft.contentLength = null;
            case 5 -> draft.header("Content-Length", "3");
            case 6 -> draft.chunked = true;
            case 7 -> draft.header("Transfer-Encoding", dice.of("gzip", "chunked, chunked", "identity", "x"));
            case 8 -> draft.header("Expect", dice.of("100-continue", "200-ok", "100-continue"));
            case 9 -> draft.version = dice.of("HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "http/1.1",
                    "X", "");
            case 10 -> draft.header(dice.of("", " ", "a b", "a\u0000b", "a:b", dice.octets(4)), dice.secret());
            case 11 -> draft.header("X-Large", "a".repeat(dice.of(7_000, 8_200, 60_000)));
            case 12 -> {
                for (int i = 0; i < 300; i++) {
                    draft.header("X-Many-" + i, "v");
                }
            }
            default -> draft.header(dice.of("Host", "Connection", "Upgrade", "TE", "HTTP2-Settings"),
                    dice.of("a", "close", "h2c", "Upgrade, HTTP2-Settings", "websocket", "a b", ""));
        }
    }
}
