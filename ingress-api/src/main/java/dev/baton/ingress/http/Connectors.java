package dev.baton.ingress.http;

import java.time.Duration;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The one port: HTTP/1.1, and HTTP/2 for clients that begin with it unasked ("prior knowledge", contract §2.6 A). Which
 * one it is shows in the first bytes of a connection.
 */
final class Connectors {
    /** Append sessions on one connection; clients open another one beyond 100. */
    private static final int CONCURRENT_STREAMS_MAX = 1024;
    /** An agent may think for minutes between two chunks; the default of 30 s would cut it off. */
    private static final Duration STREAM_SILENCE_MAX = Duration.ofMinutes(10);
    /** What a client may send of one stream before it is read, in bytes. */
    private static final int STREAM_WINDOW_BYTES = 512 * 1024;
    /** For all streams of a connection: some that are not read must not stop the others. */
    private static final int CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;

    private Connectors() {}

    static ServerConnector http(Server server, HttpConfiguration http, String host, int port,
            ConnectionLimits limits) {
        HTTP2CServerConnectionFactory http2 = new PriorKnowledge(http);
        http2.setMaxConcurrentStreams(CONCURRENT_STREAMS_MAX);
        http2.setStreamIdleTimeout(STREAM_SILENCE_MAX.toMillis());
        http2.setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
        http2.setInitialSessionRecvWindow(CONNECTION_WINDOW_BYTES);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http), http2);
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(limits.idleMax().toMillis());
        connector.addBean(new SlowHeads(connector, limits.arrivalMax()));
        return connector;
    }

    /**
     * Ignores {@code Upgrade: h2c}: such a client goes on with HTTP/1.1, where an answer may overtake the request's body
     * (413). Over an upgraded connection that answer would reach it as a broken stream.
     */
    private static final class PriorKnowledge extends HTTP2CServerConnectionFactory {
        PriorKnowledge(HttpConfiguration http) {
            super(http);
        }

        @Override
        public Connection upgradeConnection(Connector connector, EndPoint endPoint, MetaData.Request request,
                HttpFields.Mutable response) {
            return request.getHttpVersion() == HttpVersion.HTTP_2
                    ? super.upgradeConnection(connector, endPoint, request, response)
                    : null;
        }
    }
}
