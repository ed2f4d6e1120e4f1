package dev.baton.agent.task;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.agent.AgentRun;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.session.RunReason;

/** One run of a {@link SessionTask}, as its code sees it. */
public final class TaskRun {
    private final AgentRun run;
    private final TaskInput in;
    private final TaskOutput out;

    TaskRun(AgentRun run, TaskInput in, TaskOutput out) {
        this.run = run;
        this.in = in;
        this.out = out;
    }

    public TaskInput in() {
        return in;
    }

    public TaskOutput out() {
        return out;
    }

    /** What the session was created with ({@code triggerConfig.basePayload}), and what the server adds for this run. */
    public JsonNode payload() {
        return run.assignment().payload().tree();
    }

    public String sessionId() {
        return run.assignment().sessionId();
    }

    public String runId() {
        return run.assignment().runId();
    }

    /** Rises with every run of the session. */
    public long generation() {
        return run.assignment().generation();
    }

    /** Why this run exists. */
    public RunReason reason() {
        return run.assignment().reason();
    }

    public Optional<String> previousRunId() {
        return Optional.ofNullable(run.assignment().previousRunId());
    }

    /** Whether the worker stops: reads of {@link #in()} bring nothing more, and the code should return soon. */
    public boolean draining() {
        return run.draining();
    }

    /**
     * Everything that was read so far is dealt with: no later run sees it again. It is a turn-complete on {@code .out}, at which readers of a turn stop.
     * The end of the code settles without one.
     *
     * @return seq of that record
     */
    public long settle() throws InterruptedException {
        return out.control(ChannelRecord.TURN_COMPLETE,
                TaskOutput.settled(in.lastSeq()).toArray(ProtocolHeader[]::new));
    }

    /** Ends the session for good; what is on its channels stays readable. Nothing can be sent any more. */
    public void closeSession(String reason) throws InterruptedException {
        out.flush();
        run.session().close(reason);
    }
}
