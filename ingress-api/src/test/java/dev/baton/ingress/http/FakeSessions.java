package dev.baton.ingress.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.baton.ingress.view.ListPosition;
import dev.baton.ingress.view.Page;
import dev.baton.ingress.view.Paging;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.ingress.view.SessionFilter;
import dev.baton.ingress.view.SessionTable;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** Rows that a test puts there. */
final class FakeSessions implements SessionDirectory {
    private final Map<String, SessionRow> rows = new ConcurrentHashMap<>();
    private final SessionTable lists = new SessionTable();
    private final List<SessionRunRow> runs = new CopyOnWriteArrayList<>();

    @Override
    public Optional<SessionRow> find(String environmentId, String pathValue) {
        return Optional.ofNullable(rows.get(environmentId + " " + pathValue));
    }

    @Override
    public Page<SessionRow> page(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
        return lists.page(environmentId, filter, paging);
    }

    @Override
    public List<SessionRunRow> runs(SessionKey key) {
        return List.copyOf(runs);
    }

    /** Of whatever session is asked for. */
    void learnRun(SessionRunRow run) {
        runs.addFirst(run);
    }

    @Override
    public void learn(SessionRow row) {
        rows.put(row.environmentId() + " " + row.id(), row);
        rows.put(row.environmentId() + " " + row.chatId(), row);
        lists.put(row);
    }
}
