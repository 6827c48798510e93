package io.gamemesh.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The network between one client and a server, on loopback: loses, doubles and diverts packets as it is told. */
final class UdpProxy implements AutoCloseable {
    private static final int MAX_PACKET = 2048;
    private static final byte PATH_MESSAGE = 0x0a;

    private final InetSocketAddress server;
    private final DatagramSocket near = socket();
    private volatile DatagramSocket far = socket();
    private volatile @Nullable SocketAddress client;
    private volatile Predicate<byte[]> losesUp = _ -> false;
    private volatile Predicate<byte[]> losesDown = _ -> false;
    private volatile boolean doubles;
    private volatile @Nullable DatagramSocket diversion;

    /** First bytes of the packets that have come from the client. */
    final Set<Integer> kindsUp = ConcurrentHashMap.newKeySet();
    /** First bytes of the packets that have come from the server. */
    final Set<Integer> kindsDown = ConcurrentHashMap.newKeySet();
    /** The latest sealed packet of the client. */
    volatile byte @Nullable [] latestSealed;
    /** The latest QUIC packet of the client that names its connection in a short header. */
    volatile byte @Nullable [] latestQuicUp;
    /** The same of the server. */
    volatile byte @Nullable [] latestQuicDown;

    private final List<DatagramSocket> sockets = new CopyOnWriteArrayList<>(List.of(near, far));

    UdpProxy(InetSocketAddress server) {
        this.server = server;
        Thread.ofVirtual().start(() -> pump(near, this::up));
        DatagramSocket first = far;
        Thread.ofVirtual().start(() -> pump(first, this::down));
    }

    /** One of nobody's yet, on loopback. */
    static DatagramSocket socket() {
        try {
            return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isSealed(byte[] packet) {
        return (packet[0] & 0xff) < 0x40;
    }

    static boolean isShortHeader(byte[] packet) {
        return (packet[0] & 0xc0) == 0x40;
    }

    /** Where the client was heard from. */
    SocketAddress client() {
        return Objects.requireNonNull(client);
    }

    int port() {
        return near.getLocalPort();
    }

    /** Loses the sealed packets of these directions from now on, and those only. */
    void loseSealed(boolean up, boolean down) {
        losesUp = packet -> up && isSealed(packet);
        losesDown = packet -> down && isSealed(packet);
    }

    /** Loses what is in sealed packets from the client from now on, but no probes and answers. */
    void loseSealedDatagramsUp() {
        losesUp = packet -> isSealed(packet) && packet[0] != PATH_MESSAGE;
    }

    /** Loses all but the sealed packets from now on. */
    void loseQuic() {
        losesUp = packet -> !isSealed(packet);
        losesDown = losesUp;
    }

    /** Loses all packets of these directions from now on. */
    void loseAll(boolean up, boolean down) {
        losesUp = _ -> up;
        losesDown = _ -> down;
    }

    /** Sends each packet of the client twice from now on. */
    void doubleAll() {
        doubles = true;
    }

    /** The client's packets come from another port from now on, and what is sent to the one before is lost. */
    void rebind() {
        DatagramSocket before = far;
        DatagramSocket next = socket();
        sockets.add(next);
        Thread.ofVirtual().start(() -> pump(next, this::down));
        far = next;
        before.close();
    }

    /** The next sealed packet goes to the server from that socket instead. */
    void divertOne(DatagramSocket socket) {
        diversion = socket;
    }

    /** Sends to the server as if it came from the client. */
    void inject(byte[] packet) {
        send(far, packet, server);
    }

    private interface Sink {
        void take(byte[] packet, SocketAddress from);
    }

    private static void pump(DatagramSocket socket, Sink sink) {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_PACKET], MAX_PACKET);
        while (!socket.isClosed()) {
            try {
                packet.setLength(MAX_PACKET);
                socket.receive(packet);
                sink.take(Arrays.copyOf(packet.getData(), packet.getLength()), packet.getSocketAddress());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void up(byte[] packet, SocketAddress from) {
        client = from;
        kindsUp.add(packet[0] & 0xff);
        if (isSealed(packet)) {
            latestSealed = packet;
        }
        if (isShortHeader(packet)) {
            latestQuicUp = packet;
        }
        if (losesUp.test(packet)) {
            return;
        }
        DatagramSocket diverted = diversion;
        if (diverted != null && isSealed(packet)) {
            diversion = null;
            send(diverted, packet, server);
            return;
        }
        send(far, packet, server);
        if (doubles) {
            send(far, packet, server);
        }
    }

    private void down(byte[] packet, SocketAddress from) {
        SocketAddress to = client;
        kindsDown.add(packet[0] & 0xff);
        if (isShortHeader(packet)) {
            latestQuicDown = packet;
        }
        if (to != null && !losesDown.test(packet)) {
            send(near, packet, to);
        }
    }

    private static void send(DatagramSocket socket, byte[] packet, SocketAddress to) {
        try {
            socket.send(new DatagramPacket(packet, packet.length, to));
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
    }
}
