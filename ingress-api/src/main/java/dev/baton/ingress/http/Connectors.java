package dev.baton.ingress.http;

import java.time.Duration;

import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
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

    static ServerConnector http(Server server, HttpConfiguration http, String host, int port) {
        HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(CONCURRENT_STREAMS_MAX);
        http2.setStreamIdleTimeout(STREAM_SILENCE_MAX.toMillis());
        http2.setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
        http2.setInitialSessionRecvWindow(CONNECTION_WINDOW_BYTES);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http), http2);
        connector.setHost(host);
        connector.setPort(port);
        return connector;
    }
}
