package dev.baton.session.domain;

import java.util.List;

/**
 * Applies events. Total and blind: it judges nothing, and an event that does not fit the state leaves the state as it
 * is, so that a fold never fails.
 */
public final class SessionEvolver {
    private SessionEvolver() {}

    public static SessionState evolve(SessionState state, List<SessionEvent> events) {
        SessionState evolved = state;
        for (SessionEvent event : events) {
            evolved = evolve(evolved, event);
        }
        return evolved;
    }

    public static SessionState evolve(SessionState state, SessionEvent event) {
        return switch (state) {
            case SessionState.Absent absent ->
                event instanceof SessionEvent.SessionCreated creation ? absent.created(creation) : absent;
            case SessionState.Open open -> evolveOpen(open, event);
            case SessionState.Closed closed ->
                event instanceof SessionEvent.SessionDeleted deletion
                        ? closed.deleted(deletion)
                        : evolveExisting(closed, event);
            case SessionState.Deleted deleted -> deleted;
        };
    }

    private static SessionState evolveOpen(SessionState.Open open, SessionEvent event) {
        return switch (event) {
            case SessionEvent.InAppended append -> open.appended(append);
            case SessionEvent.FirstTurnRequeued requeue -> open.firstTurnRequeued(requeue);
            case SessionEvent.RunHandedOver handOver -> handedOver(open, handOver);
            case SessionEvent.SessionClosed close -> open.closed(close);
            case SessionEvent.MessageGivenUp givenUp -> open.givenUp(givenUp);
            case SessionEvent.SessionCreated _,SessionEvent.SessionUpdated _,SessionEvent.RunStarted _,SessionEvent.RunEnded _,SessionEvent.TurnSettled _,SessionEvent.OutTrimmed _,SessionEvent.HistoryKept _,SessionEvent.SessionDeleted _ ->
                evolveExisting(open, event);
        };
    }

    private static SessionState evolveExisting(SessionState.Existing state, SessionEvent event) {
        return switch (event) {
            case SessionEvent.SessionUpdated change -> state.updated(change);
            case SessionEvent.TurnSettled turn -> state.settled(turn);
            case SessionEvent.OutTrimmed trim -> state.trimmed(trim);
            case SessionEvent.HistoryKept history -> state.kept(history);
            case SessionEvent.RunStarted start ->
                state.facts().ownership() instanceof Ownership.Alive alive ? state.started(alive, start) : state;
            case SessionEvent.RunEnded end ->
                state.facts().ownership() instanceof Ownership.Alive alive ? state.ended(alive, end) : state;
            case SessionEvent.SessionCreated _,SessionEvent.InAppended _,SessionEvent.FirstTurnRequeued _,SessionEvent.SessionClosed _,SessionEvent.SessionDeleted _,SessionEvent.RunHandedOver _,SessionEvent.MessageGivenUp _ ->
                state;
        };
    }

    private static SessionState handedOver(SessionState.Open open, SessionEvent.RunHandedOver handOver) {
        return switch (open.facts().ownership()) {
            case Ownership.Vacant vacant -> open.handedOver(vacant, handOver);
            case Ownership.Alive _ -> open;
        };
    }
}
