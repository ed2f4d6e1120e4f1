package dev.baton.system.support;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.component.LifeCycle;

/** One HTTP/2 connection that begins with HTTP/2 unasked, and the append sessions on it (contract §2.6 A). */
public final class AppendStreams implements AutoCloseable {
    private final HTTP2Client client = new HTTP2Client();
    private final Session connection;

    private AppendStreams(URI url) throws Exception {
        client.start();
        connection = client.connect(new InetSocketAddress(url.getHost(), url.getPort()), new Session.Listener() {
        })
                .get(Patience.TURN.toSeconds(), TimeUnit.SECONDS);
    }

    public static AppendStreams connect(URI url) throws Exception {
        return new AppendStreams(url);
    }

    /** Opens an append session; its first frame may be sent at once. */
    public AppendStream open(String url, String token) throws Exception {
        HttpFields headers = HttpFields.build().put("content-type", "s2s/proto").put("accept", "application/protobuf")
                .put("authorization", "Bearer " + token).put("s2-basin", "baton-sessions");
        MetaData.Request request = new MetaData.Request("POST", HttpURI.from(url), HttpVersion.HTTP_2, headers);
        AppendStream stream = new AppendStream();
        stream.opened(connection.newStream(new HeadersFrame(request, null, false), stream)
                .get(Patience.TURN.toSeconds(), TimeUnit.SECONDS));
        return stream;
    }

    @Override
    public void close() {
        LifeCycle.stop(client);
    }
}
