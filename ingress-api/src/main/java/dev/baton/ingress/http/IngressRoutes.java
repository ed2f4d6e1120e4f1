package dev.baton.ingress.http;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

import dev.baton.ingress.command.CommandGateway;
import dev.baton.ingress.log.ChannelAppender;
import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.snapshot.SnapshotObjects;
import dev.baton.ingress.snapshot.SnapshotUrls;
import dev.baton.ingress.view.RunDirectory;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.ingress.view.WaitDirectory;
import dev.baton.wire.service.ServiceHealth;
import dev.baton.wire.token.Tokens;

/** All route groups of the ingress, with what they stand on. */
public final class IngressRoutes {
    private IngressRoutes() {}

    /**
     * @param publicUrl base URL at which workers reach this ingress; asked for per request
     * @param metrics Prometheus text
     */
    public static List<Routes> all(Tokens tokens, RateLimits limits, SessionDirectory sessions, RunDirectory runs,
            WaitDirectory waits, CommandGateway commands,
            ChannelAppender out, ChannelReader reader, SnapshotUrls snapshots, SnapshotObjects objects,
            Supplier<String> publicUrl,
            List<ServiceHealth> health, Supplier<String> metrics) {
        Authenticator authenticator = new Authenticator(tokens, limits);
        return List.of(new HealthRoutes(health, metrics), new OpenApiRoutes(),
                new TokenRoutes(authenticator, sessions, Clock.systemUTC()),
                new SessionRoutes(authenticator, sessions, commands, snapshots),
                new HistoryRoutes(authenticator, sessions, objects, reader),
                new SessionListRoutes(authenticator, sessions, Clock.systemUTC()),
                new RunsOfSessionRoutes(authenticator, sessions, runs),
                new RunRoutes(authenticator, sessions, runs, commands),
                new WaitRoutes(authenticator, sessions, runs, waits, commands, reader, publicUrl, Clock.systemUTC()),
                new ChannelRoutes(authenticator, sessions, commands, out, reader,
                        new DirectWrites(tokens, publicUrl)),
                new StreamRoutes(authenticator, sessions, reader), new FacadeRoutes(tokens, sessions, out, commands));
    }
}
