package dev.baton.agent.task;

import java.util.Objects;

import dev.baton.agent.Agent;
import dev.baton.agent.AgentRun;
import dev.baton.agent.RunEnd;
import dev.baton.agent.Worker;
import dev.baton.agent.session.OutSender;
import dev.baton.agent.session.Session;

/**
 * A task that is no chat: its code reads the records of {@code .in} itself and writes what it likes to {@code .out} (features #98, #129).
 *
 * <pre>{@code
 * SessionTask.of("import", run -> {
 *     for (Optional<LogRecord> row = run.in().await(idle); row.isPresent(); row = run.in().await(idle)) {
 *         run.out().append(store(row.get().data()));
 *     }
 * }).serve(url, secretKey);
 * }</pre>
 *
 * <p>A run begins behind the last record that was settled, by {@link TaskRun#settle} or by the end of a run before it. What comes when no run is there
 * starts one. A run that dies leaves what it has not settled to its successor, so code must bear to see a record twice.
 */
public final class SessionTask implements Agent {
    private final String id;
    private final Code code;

    /** The code of a task: one call for each run, on a virtual thread of its own. The run ends with it. */
    @FunctionalInterface
    public interface Code {
        /**
         * What it throws fails the run; a successor is tried, three times for one record.
         *
         * @throws InterruptedException when the run is cancelled: let it pass
         */
        void run(TaskRun run) throws Exception;
    }

    private SessionTask(String id, Code code) {
        this.id = Objects.requireNonNull(id, "id");
        this.code = Objects.requireNonNull(code, "code");
    }

    /** @param id task identifier: sessions name it, and workers ask for its runs */
    public static SessionTask of(String id, Code code) {
        return new SessionTask(id, code);
    }

    /** A worker for this task that needs nothing but its gateway and key. */
    public Worker.Builder worker(String baseUrl, String secretKey) {
        return Worker.of(this, id, baseUrl, secretKey);
    }

    /** Serves sessions until the thread is interrupted or the process is told to end. */
    public void serve(String baseUrl, String secretKey) throws InterruptedException {
        worker(baseUrl, secretKey).serve();
    }

    @Override
    public RunEnd run(AgentRun run) throws InterruptedException {
        TaskStart start = TaskStart.of(run);
        TaskInput in = new TaskInput(start.settledInSeq(), run::waiting);
        run.onDrain(in::drain);
        try (OutSender sender = new OutSender(run.session().openOut(start.lastOutSeq()), run.assignment().runId());
                Session.Subscription _ = run.session().followIn(start.settledInSeq(), in::offer)) {
            TaskRun task = new TaskRun(run, in, new TaskOutput(sender));
            execute(task);
            task.out().over();
            task.out().flush();
            return RunEnd.completed(settled(in), true);
        } finally {
            in.close();
        }
    }

    private void execute(TaskRun task) throws InterruptedException {
        try {
            code.run(task);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("expected the task " + id + " to return, but it threw", e);
        }
    }

    private static Long settled(TaskInput in) {
        return in.lastSeq() < 0 ? null : in.lastSeq();
    }
}
