package dev.baton.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

import dev.baton.wire.service.SettingsException;

/** Ports of this machine, asked for by binding them for a moment. Another process can still be quicker afterwards. */
final class FreePort {
    private FreePort() {}

    /** So many different ones: all are held until the last one is known, or the same could be given twice. */
    static List<Integer> onLoopback(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int n = 0; n < count; n++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
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
