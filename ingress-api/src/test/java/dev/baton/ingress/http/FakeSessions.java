package dev.baton.ingress.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.baton.ingress.view.KnownRun;
import dev.baton.ingress.view.ListPosition;
import dev.baton.ingress.view.Page;
import dev.baton.ingress.view.Paging;
import dev.baton.ingress.view.RunDirectory;
import dev.baton.ingress.view.RunFilter;
import dev.baton.ingress.view.RunTable;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.ingress.view.SessionFilter;
import dev.baton.ingress.view.SessionTable;
import dev.baton.ingress.view.WaitDirectory;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;

/** Rows that a test puts there. */
final class FakeSessions implements SessionDirectory, WaitDirectory {
    private final Map<String, SessionRow> rows = new ConcurrentHashMap<>();
    private final SessionTable lists = new SessionTable();
    private final RunTable runs = new RunTable();
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

    RunDirectory runs() {
        return new RunDirectory() {
            @Override
            public Optional<KnownRun> find(String environmentId, String runId) {
                return runs.find(environmentId, runId);
            }

            @Override
            public Optional<KnownRun> findFresh(String environmentId, String runId) {
                return runs.find(environmentId, runId);
            }

            @Override
            public List<SessionRunRow> ofSession(SessionKey key) {
                return runs.ofSession(key);
            }

            @Override
            public Page<KnownRun> page(String environmentId, RunFilter filter, Paging<ListPosition> paging) {
                return runs.page(environmentId, filter, paging);
            }
        };
    }

    void learnRun(SessionRunRow run) {
        runs.put(run);
    }

    void learnSteps(RunStepsRow steps) {
        runs.put(steps);
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
