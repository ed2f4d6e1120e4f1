package dev.baton.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

import dev.baton.wire.service.SettingsException;

/** Ports of this machine, asked for by binding them for a moment. Another process can still be quicker afterwards. */
final class FreePort {
    private FreePort() {}

    static int onLoopback() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Answers the port, or a free one for 0. Asked before anything else starts, so that a wrong port costs no waiting.
     *
     * @throws SettingsException when the port cannot be bound
     */
    static int require(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As HTTP servers do: connections of a former life in TIME_WAIT are no obstacle.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port), 1);
            return socket.getLocalPort();
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException("expected port " + port + " on " + host + " to be free, but: " + e.getMessage()
                    + ". Choose another one with --port (0 takes any)");
        }
    }
}
