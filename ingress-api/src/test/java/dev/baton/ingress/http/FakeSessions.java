package dev.baton.ingress.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** Rows that a test puts there. */
final class FakeSessions implements SessionDirectory {
    private final Map<String, SessionRow> rows = new ConcurrentHashMap<>();

    @Override
    public Optional<SessionRow> find(String environmentId, String pathValue) {
        return Optional.ofNullable(rows.get(environmentId + " " + pathValue));
    }

    @Override
    public List<SessionRunRow> runs(SessionKey key) {
        return List.of();
    }

    @Override
    public void learn(SessionRow row) {
        rows.put(row.environmentId() + " " + row.id(), row);
        rows.put(row.environmentId() + " " + row.chatId(), row);
    }
}
