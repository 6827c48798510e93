package io.gamemesh.client;

import io.gamemesh.protocol.snapshot.SnapshotWriter;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.LocalPosition;
import io.gamemesh.protocol.wire.MessageCodec;
import io.gamemesh.protocol.wire.MessageReader;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClientCodec;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.ToServerCodec;
import io.gamemesh.protocol.wire.Wire;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.incubator.codec.quic.InsecureQuicTokenHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** A QUIC endpoint on loopback that says what a test tells it to, and remembers what it was told. */
public final class TestServer implements AutoCloseable {

    private static final MessageCodec<ToClient.Control> CONTROL = ToClientCodec.control();
    private static final MessageCodec<ToClient.Terrain> TERRAIN = ToClientCodec.terrain();

    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private final Channel socket;
    private final ServerAddress address;
    private final String name;
    private final BiConsumer<Player, ToServer> script;

    /** All who have connected. */
    public final List<Player> players = new CopyOnWriteArrayList<>();

    public TestServer(String name, TestAuthority.Identity identity, BiConsumer<Player, ToServer> script) {
        this.name = name;
        this.script = script;
        this.socket = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(new QuicServerCodecBuilder()
                        .sslContext(QuicSslContextBuilder.forServer(identity.key(), null, identity.certificate())
                                .applicationProtocols(Wire.ALPN)
                                .build())
                        .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                        .maxIdleTimeout(30, TimeUnit.SECONDS)
                        .initialMaxData(1 << 20)
                        .initialMaxStreamDataBidirectionalRemote(1 << 18)
                        .initialMaxStreamsBidirectional(1)
                        .datagram(64, 64)
                        .handler(new ChannelInitializer<QuicChannel>() {
                            @Override
                            protected void initChannel(QuicChannel connection) {
                                Player player = new Player(connection);
                                players.add(player);
                                connection.pipeline().addLast(player);
                            }
                        })
                        .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
                            @Override
                            protected void initChannel(QuicStreamChannel stream) {
                                stream.parent().pipeline().get(Player.class).control(stream);
                            }
                        })
                        .build())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        this.address = new ServerAddress("127.0.0.1", ((InetSocketAddress) socket.localAddress()).getPort());
    }

    public ServerAddress address() {
        return address;
    }

    /** What a server answers to a player that it lets in. */
    ToClient.Welcome welcome(long region, double x) {
        return welcome(region, x, 42);
    }

    /** The same for one of several entities. */
    public ToClient.Welcome welcome(long region, double x, long entity) {
        return new ToClient.Welcome(
                Wire.VERSION,
                0,
                name,
                "player-1",
                entity,
                false,
                20,
                96,
                7,
                "flat",
                2048,
                List.of(new ToClient.BlockType("air", false), new ToClient.BlockType("stone", true)),
                region,
                LocalPosition.ofMetres(x, 0, 0));
    }

    /** The same with capabilities that were agreed on. */
    ToClient.Welcome agreed(ToClient.Welcome welcome, long capabilities) {
        return new ToClient.Welcome(
                welcome.version(),
                capabilities,
                welcome.server(),
                welcome.playerId(),
                welcome.entityId(),
                welcome.rejoined(),
                welcome.tickRate(),
                welcome.viewRadius(),
                welcome.seed(),
                welcome.generator(),
                welcome.regionSize(),
                welcome.blocks(),
                welcome.region(),
                welcome.position());
    }

    /** As when the process is killed: nobody is told. */
    void die() {
        socket.pipeline().removeFirst();
        close();
    }

    @Override
    public void close() {
        if (loops.isShuttingDown()) {
            return;
        }
        socket.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One connection. */
    public final class Player extends ChannelInboundHandlerAdapter {

        private final QuicChannel connection;
        private final List<QuicStreamChannel> streams = new CopyOnWriteArrayList<>();

        public final List<ToServer> said = new CopyOnWriteArrayList<>();
        public final List<InputDatagram> inputs = new CopyOnWriteArrayList<>();

        /** The newest input that snapshots show the effect of; 0 is none. */
        public volatile long lastInput;

        final List<CloseCode> left = new CopyOnWriteArrayList<>();

        private long shownRegion = -1;
        private List<Long> shown = List.of();
        private int view = -1;
        private int sequence;

        Player(QuicChannel connection) {
            this.connection = connection;
        }

        public ToServer.Hello hello() {
            return (ToServer.Hello) said.getFirst();
        }

        public void send(ToClient.Control message) {
            write(streams.getFirst(), CONTROL.frame(message));
        }

        public void sendTerrain(ToClient.Terrain... messages) {
            connection
                    .createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter())
                    .addListener((Future<QuicStreamChannel> stream) -> {
                        for (ToClient.Terrain message : messages) {
                            write(stream.getNow(), TERRAIN.frame(message));
                        }
                    });
        }

        /** All that the client sees, told anew. */
        public void sendSnapshot(long region, long tick, double x, long... entities) {
            if (region != shownRegion) {
                shownRegion = region;
                view++;
                sequence = 0;
                shown = List.of();
            }
            List<Long> now = Arrays.stream(entities).boxed().sorted().toList();
            SnapshotWriter writer = new SnapshotWriter(20);
            writer.begin(view, sequence++, true, region, tick, lastInput, 0, 0);
            int[] self = {(int) (x * 128), 0, 0, 0, 0, 0, 0, 0};
            writer.self(self, 0, 0, self, 0, 0, 0, 0, true);
            int[] other = {(int) (x * 128) + 128, 0, 0, 0, 0, 0, 64, 0};
            List<Long> told = Stream.concat(now.stream(), shown.stream())
                    .distinct()
                    .sorted()
                    .toList();
            for (long entity : told) {
                if (now.contains(entity)) {
                    writer.appeared((int) entity, entity, 1, other, 0);
                } else {
                    writer.gone((int) entity);
                }
            }
            shown = now;
            sendDatagram(writer.end());
        }

        void sendDatagram(ByteBuffer payload) {
            var _ = connection.writeAndFlush(Unpooled.copiedBuffer(payload));
        }

        void close(CloseCode code, String reason) {
            var _ = connection.close(true, code.code(), Unpooled.copiedBuffer(reason, StandardCharsets.UTF_8));
        }

        void control(QuicStreamChannel stream) {
            streams.add(stream);
            MessageReader<ToServer> reader = new MessageReader<>(new ToServerCodec());
            stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    reader.read(bytes.nioBuffer(), each -> {
                        said.add(each);
                        if (each instanceof ToServer.Goodbye) {
                            Player.this.send(new ToClient.Disconnect(CloseCode.NO_ERROR, "goodbye"));
                        }
                        script.accept(Player.this, each);
                    });
                    bytes.release();
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf datagram) {
                inputs.add(InputDatagram.read(datagram.nioBuffer()));
                datagram.release();
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                CloseCode.of(close.error()).ifPresent(left::add);
            }
        }

        private void write(QuicStreamChannel stream, Bytes frame) {
            var _ = stream.writeAndFlush(Unpooled.wrappedBuffer(frame.asReadOnlyBuffer()));
        }
    }
}
