package io.gamemesh.client;

import io.gamemesh.protocol.wire.Wire;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sockets and threads that any number of clients of one mesh share: one UDP socket and one event loop a thread, over
 * which all their connections run, sealed datagrams included. Thread-safe. {@link #close()} ends all its clients
 * as if the network were cut: close them before, and wait for their {@link GameClient#ended}.
 */
public final class ClientTransport implements AutoCloseable {

    /**
     * How long a connection lives without a word from the server, over QUIC or sealed. A server that is alive is heard
     * every tick; one that is not is noticed after it.
     */
    public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(6);

    /** QUIC alone may be silent for longer: when packets are lost by the dozen, the few that are not sealed may all be. */
    private static final Duration QUIC_IDLE_TIMEOUT = IDLE_TIMEOUT.multipliedBy(5);

    private static final int MAX_UDP_PAYLOAD = 1500;
    private static final int RECEIVED_PACKET = 2048;
    private static final int RECEIVE_BUFFER = 16 * RECEIVED_PACKET;
    private static final int MEBIBYTE = 1 << 20;
    private static final int SOCKET_BUFFER = 4 * MEBIBYTE;

    private final EventLoopGroup loops;
    private final MeshTrustManager trust;
    private final List<Channel> sockets = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    private ClientTransport(EventLoopGroup loops, MeshTrustManager trust) {
        this.loops = loops;
        this.trust = trust;
    }

    /**
     * Opens the sockets.
     *
     * @param trust certificate authorities of the mesh: its {@code ca.crt}
     * @param namespace the mesh's
     * @param mesh its name; servers must show a certificate for {@code MESH.NAMESPACE.gamemesh}
     * @param threads event loops, 1 or more; one serves some hundred clients
     */
    public static ClientTransport open(Collection<X509Certificate> trust, String namespace, String mesh, int threads) {
        String serverName = mesh + "." + namespace + ".gamemesh";
        MeshTrustManager trustManager = new MeshTrustManager(trust, serverName);
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(trustManager)
                .applicationProtocols(Wire.ALPN)
                .build();
        DefaultThreadFactory names = new DefaultThreadFactory("gamemesh-client", true);
        boolean epoll = Epoll.isAvailable();
        ClientTransport transport = new ClientTransport(
                epoll ? new EpollEventLoopGroup(threads, names) : new NioEventLoopGroup(threads, names), trustManager);
        Bootstrap bootstrap = new Bootstrap()
                .group(transport.loops)
                .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
                .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BUFFER));
        if (epoll) {
            // As many packets a system call as the buffer holds (recvmmsg).
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, RECEIVED_PACKET);
        }
        for (int i = 0; i < threads; i++) {
            transport.sockets.add(bootstrap
                    .clone()
                    .handler(handlers(new QuicClientCodecBuilder()
                            .sslEngineProvider(quic -> tls.newEngine(quic.alloc(), serverName, 0))
                            .maxIdleTimeout(QUIC_IDLE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                            .maxRecvUdpPayloadSize(MAX_UDP_PAYLOAD)
                            .initialMaxData(16 * MEBIBYTE)
                            .initialMaxStreamDataBidirectionalLocal(2 * MEBIBYTE)
                            .initialMaxStreamDataUnidirectional(8 * MEBIBYTE)
                            .initialMaxStreamsUnidirectional(1)
                            .activeMigration(false)
                            .datagram(512, 64)
                            .build()))
                    .bind(0)
                    .syncUninterruptibly()
                    .channel());
        }
        return transport;
    }

    private static ChannelHandler handlers(ChannelHandler quic) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel socket) {
                socket.pipeline().addLast(new SealedPackets(), new SenderGate(), quic);
            }
        };
    }

    /** Why a server was last not trusted; empty if none was. */
    String latestRefusal() {
        return trust.latestRefusal();
    }

    /** The socket whose turn it is; its event loop is that of all connections over it. */
    Channel socket() {
        return sockets.get(Math.floorMod(next.getAndIncrement(), sockets.size()));
    }

    /** The event loop of the first socket: that of all clients if there is one thread. */
    public EventLoop eventLoop() {
        return sockets.getFirst().eventLoop();
    }

    /** Closes the sockets and stops the threads; waits for up to two seconds. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (loops.isShuttingDown()) {
            return;
        }
        sockets.forEach(socket -> socket.close().syncUninterruptibly());
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
