package dev.baton.ingress.http;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.baton.ingress.log.FakeLog;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.FacadeGrant;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** An append session through the real server: HTTP/2 on the port of HTTP/1.1, and the end of the server (contract §2.6 A). */
class AppendSessionServerTest {
    private static final int PATIENCE_SECONDS = 10;
    private static final Environment DEV = new Environment("env_dev", "dev", "proj", List.of("tr_dev_key"));
    private static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");
    private static final int TERMINAL = 0x80;

    private final Tokens tokens = new Tokens(new Environments(List.of(DEV)), Clock.systemUTC());
    private final FakeLog out = new FakeLog(Channel.OUT, 1_000_000, Runnable::run);
    private final HTTP2Client client = new HTTP2Client();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private IngressServer server;

    @BeforeEach
    void start() throws Exception {
        FacadeRoutes facade = new FacadeRoutes(tokens, new FakeSessions(), out,
                (_, _) -> new SessionReply.Refused(SessionReply.Refusal.NOT_FOUND, null));
        server = IngressServer.start("127.0.0.1", 0, ConnectionLimits.of(Settings.of(Map.of())), List.of(facade),
                List.of());
        client.start();
    }

    @AfterEach
    void stop() {
        LifeCycle.stop(client);
        server.close();
    }

    /** PROTOCOL 4.6. */
    @Test
    void aStoppingServerEndsASilentSessionWithATerminalFrame() throws Exception {
        // Given
        open();
        assertEquals(200, status.get(PATIENCE_SECONDS, TimeUnit.SECONDS));

        // When
        server.close();

        // Then
        byte[] frame = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(TERMINAL, frame[3] & 0xff);
        assertEquals(503, (frame[4] & 0xff) << 8 | frame[5] & 0xff);
    }

    @Test
    void aRefusedFrameEndsTheStreamThoughTheClientKeepsItsHalfOpen() throws Exception {
        // Given
        Stream stream = open();

        // When
        stream.data(new DataFrame(stream.getId(), ByteBuffer.wrap(new byte[]{0, 0, 1, 0}), false));

        // Then
        byte[] frame = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(TERMINAL, frame[3] & 0xff);
        assertEquals(400, (frame[4] & 0xff) << 8 | frame[5] & 0xff);
    }

    private Stream open() throws Exception {
        Session connection = client
                .connect(new InetSocketAddress("127.0.0.1", server.port()), new Session.Listener() {
                })
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        String token = tokens.mintFacadeToken(new FacadeGrant(DEV, CHAT, Channel.OUT, Writer.UNNAMED));
        HttpURI uri = HttpURI.from("http://127.0.0.1:" + server.port() + DirectWrites.ENDPOINT_PATH + "/streams/"
                + Names.streamName(CHAT, Channel.OUT) + "/records");
        HttpFields headers = HttpFields.build().put("content-type", "s2s/proto").put("authorization",
                "Bearer " + token);
        return connection
                .newStream(new HeadersFrame(new MetaData.Request("POST", uri, HttpVersion.HTTP_2, headers), null,
                        false), new AnswerBody())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Collects the body until the server ends its half. */
    private final class AnswerBody implements Stream.Listener {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        @Override
        public void onHeaders(Stream stream, HeadersFrame frame) {
            if (frame.getMetaData() instanceof MetaData.Response response) {
                status.complete(response.getStatus());
            }
            stream.demand();
        }

        @Override
        public void onDataAvailable(Stream stream) {
            Stream.Data data = stream.readData();
            if (data == null) {
                stream.demand();
                return;
            }
            byte[] bytes = new byte[data.frame().getByteBuffer().remaining()];
            data.frame().getByteBuffer().get(bytes);
            body.writeBytes(bytes);
            boolean last = data.frame().isEndStream();
            data.release();
            if (last) {
                answer.complete(body.toByteArray());
            } else {
                stream.demand();
            }
        }
    }
}
