package dev.baton.ingress.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.baton.ingress.view.ListPosition;
import dev.baton.ingress.view.OwnedRun;
import dev.baton.ingress.view.Page;
import dev.baton.ingress.view.Paging;
import dev.baton.ingress.view.RunFilter;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.ingress.view.SessionFilter;
import dev.baton.ingress.view.SessionTable;
import dev.baton.ingress.view.WaitDirectory;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;

/** Rows that a test puts there. */
final class FakeSessions implements SessionDirectory, WaitDirectory {
    private final Map<String, SessionRow> rows = new ConcurrentHashMap<>();
    private final SessionTable lists = new SessionTable();
    private final List<SessionRunRow> runs = new CopyOnWriteArrayList<>();
    private final List<WaitRow> waits = new CopyOnWriteArrayList<>();

    @Override
    public Optional<SessionRow> find(String environmentId, String pathValue) {
        return Optional.ofNullable(rows.get(environmentId + " " + pathValue));
    }

    @Override
    public Optional<SessionRow> findFresh(String environmentId, String pathValue) {
        return find(environmentId, pathValue);
    }

    @Override
    public Optional<SessionRow> findHeld(String environmentId, String pathValue) {
        return find(environmentId, pathValue);
    }

    @Override
    public Page<SessionRow> page(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
        return lists.page(environmentId, filter, paging);
    }

    @Override
    public List<SessionRunRow> runs(SessionKey key) {
        return List.copyOf(runs);
    }

    @Override
    public Page<OwnedRun> runPage(String environmentId, RunFilter filter, Paging<ListPosition> paging) {
        return lists.runPage(environmentId, filter, paging);
    }

    /** Of whatever session is asked for; one that is learnt again has changed. */
    void learnRun(SessionRunRow run) {
        runs.removeIf(held -> held.runId().equals(run.runId()));
        runs.addFirst(run);
        lists.put(run);
    }

    @Override
    public Optional<SessionRunRow> findRun(String environmentId, String runId) {
        return runs.stream()
                .filter(run -> run.environmentId().equals(environmentId) && run.runId().equals(runId)).findFirst();
    }

    @Override
    public Optional<WaitRow> findWait(String environmentId, String waitpointId) {
        return waits.stream().filter(
                wait -> wait.environmentId().equals(environmentId) && wait.waitpointId().equals(waitpointId))
                .findFirst();
    }

    void learnWait(WaitRow wait) {
        waits.addFirst(wait);
    }

    @Override
    public void learn(SessionRow row) {
        rows.put(row.environmentId() + " " + row.id(), row);
        rows.put(row.environmentId() + " " + row.chatId(), row);
        lists.put(row);
    }
}
