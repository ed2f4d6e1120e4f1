package dev.baton.run.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.ArrivingBody;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Tokens;
import dev.baton.wire.worker.DequeueAnswer;
import dev.baton.wire.worker.DequeueRequest;

/**
 * The worker protocol over HTTP. Whoever owns the server mounts these routes; requests block their thread, so the server
 * must use virtual threads.
 */
public final class WorkerRoutes implements Consumer<JavalinConfig> {
    public static final String REGISTER = "/api/v1/workers/register";
    public static final String PROMOTE = "/api/v1/workers/versions/{version}/promote";
    public static final String DEQUEUE = "/api/v1/workers/dequeue";
    public static final String HEARTBEAT = "/api/v1/workers/heartbeat";
    public static final String START = "/api/v1/runs/{run}/attempts/{attempt}/start";
    public static final String COMPLETE = "/api/v1/runs/{run}/attempts/{attempt}/complete";
    private static final String JSON = "application/json";
    private static final String DONE = "{\"ok\":true}";

    private final WorkerGateway gateway;
    private final WorkerAuthentication authentication;
    private final Duration bodyArrivalMax;

    /** @param bodyArrivalMax how long the body of a request may take to arrive */
    public WorkerRoutes(WorkerGateway gateway, Tokens tokens, Duration bodyArrivalMax) {
        this.gateway = gateway;
        this.authentication = new WorkerAuthentication(tokens);
        this.bodyArrivalMax = bodyArrivalMax;
    }

    @Override
    public void accept(JavalinConfig config) {
        config.routes.post(REGISTER, refusable(this::register));
        config.routes.post(PROMOTE, refusable(this::promote));
        config.routes.post(DEQUEUE, refusable(this::dequeue));
        config.routes.post(HEARTBEAT, refusable(this::heartbeat));
        config.routes.post(START, refusable(this::start));
        config.routes.post(COMPLETE, refusable(this::complete));
    }

    /**
     * While the poll waits, line feeds go out, which JSON allows before a value: HTTP/1.1 shows only to a writer that
     * the other side is gone. Nothing is written before the poll is announced, so refusals keep their status.
     */
    private void dequeue(Context ctx) throws InterruptedException, IOException {
        Environment environment = authentication.worker(ctx);
        DequeueRequest request = WorkerBodies.dequeue(body(ctx));
        OutputStream out = ctx.res().getOutputStream();
        ctx.contentType(JSON);
        HandOver handOver = gateway.dequeue(environment, request, () -> {
            out.write('\n');
            out.flush();
        });
        try {
            out.write(WireJson.bytes(new DequeueAnswer(handOver.runs())));
            out.flush();
        } catch (IOException _) {
            gateway.takeBack(handOver);
        }
    }

    private void register(Context ctx) throws InterruptedException {
        Environment environment = authentication.worker(ctx);
        json(ctx, WireJson.text(gateway.register(environment, WorkerBodies.register(body(ctx)))));
    }

    private void promote(Context ctx) throws InterruptedException {
        Environment environment = authentication.worker(ctx);
        gateway.promote(environment, WorkerBodies.version(ctx.pathParam("version")),
                WorkerBodies.promote(body(ctx)));
        json(ctx, DONE);
    }

    private void heartbeat(Context ctx) throws InterruptedException {
        Environment environment = authentication.worker(ctx);
        json(ctx, WireJson.text(gateway.heartbeat(environment, WorkerBodies.heartbeat(body(ctx)))));
    }

    private void start(Context ctx) throws InterruptedException {
        String runId = ctx.pathParam("run");
        Environment environment = authentication.workerOrRun(ctx, runId);
        int attempt = WorkerBodies.attempt(ctx.pathParam("attempt"));
        gateway.start(environment, runId, attempt, WorkerBodies.start(body(ctx)));
        json(ctx, DONE);
    }

    private void complete(Context ctx) throws InterruptedException {
        String runId = ctx.pathParam("run");
        Environment environment = authentication.workerOrRun(ctx, runId);
        int attempt = WorkerBodies.attempt(ctx.pathParam("attempt"));
        gateway.complete(environment, runId, attempt, WorkerBodies.complete(body(ctx)));
        json(ctx, DONE);
    }

    private byte[] body(Context ctx) {
        try {
            return ArrivingBody.read(ctx.req().getInputStream(), WorkerBodies.BODY_BYTES_MAX, bodyArrivalMax);
        } catch (ArrivingBody.TooSlow _) {
            throw GatewayRefusal.tooSlow();
        } catch (IOException _) {
            throw GatewayRefusal.badRequest("Request body is incomplete");
        }
    }

    private static void json(Context ctx, String body) {
        ctx.contentType(JSON).result(body);
    }

    private static Handler refusable(Handler handler) {
        return ctx -> {
            try {
                handler.handle(ctx);
            } catch (GatewayRefusal refusal) {
                refusal.answer(ctx);
            }
        };
    }
}
