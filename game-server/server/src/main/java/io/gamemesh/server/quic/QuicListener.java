package io.gamemesh.server.quic;

import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.server.ServerConfig;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.net.EventLoops;
import io.gamemesh.server.tls.RenewedQuicContext;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The players' port. Thread-safe. */
public final class QuicListener implements AutoCloseable {
    private static final AttributeKey<PlayerChannel> PLAYER = AttributeKey.valueOf(QuicListener.class, "player");
    private static final int TOKEN_KEY_BYTES = 32;
    private static final Duration RETRY_VALID = Duration.ofSeconds(10);
    private static final int MAX_UDP_PAYLOAD = 1350;
    /** More than a client may send: what was cut off would not be told from what is broken. */
    private static final int MAX_RECEIVED_PACKET = 2048;

    private static final int SOCKET_BUFFER_BYTES = 1 << 20;
    /**
     * Flushes that gather, of mostly one packet each: few enough that the buffers of the next are those of the last, still in the
     * cache.
     */
    private static final int FLUSHES_AT_ONCE = 64;
    /** What may wait for the socket, a tick's sealed packets to all players among it; beyond it they are dropped. */
    private static final WriteBufferWaterMark WAITING_BYTES = new WriteBufferWaterMark(4 << 20, 8 << 20);
    /**
     * What one client may have under way towards the server. It says little, and each byte that comes before those that
     * it follows takes some 150.
     */
    private static final int STREAM_WINDOW = 8 * 1024;

    private static final int CONNECTION_WINDOW = 2 * STREAM_WINDOW;
    private static final int RECEIVED_DATAGRAMS = 128;
    /** So much longer than a client QUIC may be silent: most of what a client says may be sealed, and the rest be lost. */
    private static final int QUIC_PATIENCE = 5;
    /** How long it may at least: a client says something there every ten seconds. */
    private static final Duration LEAST_QUIC_IDLE_TIMEOUT = Duration.ofSeconds(30);

    private final ServerConfig.Limits limits;
    private final ServerMetrics metrics;
    private final Function<Connection, Connection.Listener> sessions;
    private final Channel socket;
    private final HalfOpen halfOpen;
    private final SealedPackets sealedPackets;
    private final AddressGate addresses;
    private final TerrainFrames terrainFrames = new TerrainFrames();
    private int open;

    /**
     * Opens the port.
     *
     * @param sessions called on the players' event loop for each connection whose client has shown its address
     */
    public QuicListener(
            EventLoops loops,
            InetSocketAddress address,
            RenewedQuicContext tls,
            ServerConfig.Limits limits,
            ServerMetrics metrics,
            Function<Connection, Connection.Listener> sessions) {
        this.limits = limits;
        this.metrics = metrics;
        this.sessions = sessions;
        this.halfOpen = new HalfOpen(limits.halfOpenPerAddress());
        this.sealedPackets = new SealedPackets(metrics, new SecureRandom(), limits.rekeyAfter());
        this.addresses = new AddressGate(metrics);
        ChannelHandler codec = new QuicServerCodecBuilder()
                .sslEngineProvider(channel -> tls.current().newEngine(channel.alloc()))
                .tokenHandler(
                        new RetryTokens(SecureRandom.getSeed(TOKEN_KEY_BYTES), InstantSource.system(), RETRY_VALID))
                .connectionIdAddressGenerator(addresses.ids())
                .activeConnectionIdLimit(AddressGate.IDS_AT_A_TIME)
                .activeMigration(false)
                .maxIdleTimeout(quicIdleTimeout(limits).toMillis(), TimeUnit.MILLISECONDS)
                .maxRecvUdpPayloadSize(MAX_UDP_PAYLOAD)
                .maxSendUdpPayloadSize(MAX_UDP_PAYLOAD)
                .initialMaxData(CONNECTION_WINDOW)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                .initialMaxStreamsBidirectional(1)
                .initialMaxStreamsUnidirectional(0)
                .datagram(RECEIVED_DATAGRAMS, limits.datagramQueue())
                .grease(false)
                .handler(new ConnectionInitializer())
                .streamHandler(new StreamInitializer())
                .build();
        socket = loops.receiving(MAX_RECEIVED_PACKET)
                .group(loops.players())
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_BYTES)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        // All packets of a tick, sealed or not, in as few system calls as possible.
                                        new FlushConsolidationHandler(FLUSHES_AT_ONCE, true),
                                        new PacketGate(metrics),
                                        sealedPackets,
                                        addresses,
                                        codec);
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    private static Duration quicIdleTimeout(ServerConfig.Limits limits) {
        Duration most = limits.idleTimeout().multipliedBy(QUIC_PATIENCE);
        return most.compareTo(LEAST_QUIC_IDLE_TIMEOUT) > 0 ? most : LEAST_QUIC_IDLE_TIMEOUT;
    }

    private final class ConnectionInitializer extends ChannelInitializer<QuicChannel> {
        @Override
        protected void initChannel(QuicChannel channel) {
            open++;
            channel.closeFuture().addListener(closed -> open--);
            if (open > limits.connections()) {
                refuse(channel, CloseCode.SERVER_FULL.name().toLowerCase(Locale.ROOT));
                return;
            }
            // That of the first packet, with the token that was sent there.
            InetSocketAddress proven = remote(channel);
            AddressGate.Guarded guarded = addresses.open(proven);
            if (guarded == null) {
                refuse(channel, "quic-taken-id");
                return;
            }
            channel.closeFuture().addListener(closed -> guarded.close());
            InetAddress address = proven.getAddress();
            if (!halfOpen.enter(address)) {
                refuse(channel, "half-open-per-address");
                return;
            }
            PlayerChannel player = new PlayerChannel(
                    channel,
                    guarded,
                    sealedPackets,
                    terrainFrames,
                    limits,
                    metrics,
                    sessions,
                    () -> halfOpen.leave(address));
            channel.attr(PLAYER).set(player);
            channel.pipeline().addLast(player);
        }

        private void refuse(QuicChannel channel, String reason) {
            metrics.refused(reason);
            ChannelFuture _ = channel.close(true, CloseCode.SERVER_FULL.code(), Unpooled.EMPTY_BUFFER);
        }

        private static InetSocketAddress remote(QuicChannel channel) {
            if (channel.remoteSocketAddress() instanceof InetSocketAddress remote) {
                return remote;
            }
            throw new IllegalStateException("a new connection has no address, expected that of its first packet");
        }
    }

    private static final class StreamInitializer extends ChannelInitializer<QuicStreamChannel> {
        @Override
        protected void initChannel(QuicStreamChannel stream) {
            PlayerChannel player = stream.parent().attr(PLAYER).get();
            if (player == null) {
                ChannelFuture _ = stream.close();
            } else {
                player.opened(stream);
            }
        }
    }

    /** The address as bound. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.localAddress();
    }

    /** Closes the port and with it all connections, without a word: say goodbye before. */
    @Override
    public void close() {
        socket.close().syncUninterruptibly();
    }
}
