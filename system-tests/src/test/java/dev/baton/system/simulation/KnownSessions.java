package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.baton.ingress.view.ListPosition;
import dev.baton.ingress.view.Page;
import dev.baton.ingress.view.Paging;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.ingress.view.SessionFilter;
import dev.baton.ingress.view.SessionTable;
import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

/** What one ingress knows of sessions: the product's table, some time behind the topic that fills it. */
final class KnownSessions implements SessionDirectory {
    private final SessionTable table = new SessionTable();
    private final List<LogReader> readers = new ArrayList<>();

    KnownSessions(World world, SimulatedProcess ingress) {
        for (LogPartition partition : world.broker().topic(Names.SESSIONS_TOPIC)) {
            LogReader reader = new LogReader(partition, 0);
            readers.add(reader);
            take(reader);
            world.broker().follow(ingress, reader, world.weather().rowLagMs(), found -> found.forEach(this::take));
        }
    }

    private void take(LogReader reader) {
        for (LogEntry next = reader.next(); next != null; next = reader.next()) {
            take(next);
        }
    }

    private void take(LogEntry entry) {
        table.put((SessionRow) entry.value());
    }

    /** A miss is looked up before it counts as one. */
    @Override
    public Optional<SessionRow> find(String environmentId, String pathValue) {
        Optional<SessionRow> found = table.find(environmentId, pathValue);
        if (found.isEmpty()) {
            readers.forEach(this::take);
            return table.find(environmentId, pathValue);
        }
        return found;
    }

    Optional<SessionRow> find(SessionKey key) {
        return find(key.environmentId(), key.chatId());
    }

    @Override
    public void learn(SessionRow row) {
        table.put(row);
    }

    @Override
    public Page<SessionRow> page(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
        throw new UnsupportedOperationException("nobody lists sessions in the simulation");
    }

    @Override
    public Optional<SessionRow> findFresh(String environmentId, String pathValue) {
        throw new UnsupportedOperationException("readers of the simulation read the log");
    }

    @Override
    public Optional<SessionRow> findHeld(String environmentId, String pathValue) {
        return table.find(environmentId, pathValue);
    }
}
