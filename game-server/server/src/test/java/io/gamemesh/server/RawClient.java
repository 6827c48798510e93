package io.gamemesh.server;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
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
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A QUIC client without manners: sends what bytes a test gives it, and keeps what comes back. */
final class RawClient implements AutoCloseable {
    /** How the server ended a connection. */
    record End(Optional<CloseCode> code, String reason) {}

    private final NioEventLoopGroup group = new NioEventLoopGroup(1);
    private boolean readsControl = true;
    private final Channel socket;
    private final QuicChannel connection;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final CompletableFuture<End> closed = new CompletableFuture<>();
    private final List<ToClient.Control> received = new CopyOnWriteArrayList<>();

    RawClient(MeshFiles files, InetSocketAddress server) {
        this(files, server, 1_000_000, 1_000_000, true);
    }

    /**
     * A client whose server may send so many bytes before the client has read some.
     *
     * @param controlWindow on the control stream
     * @param window on its own stream
     */
    private RawClient(MeshFiles files, InetSocketAddress server, int controlWindow, int window, boolean reads) {
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(files.ca().toFile())
                .applicationProtocols(Wire.ALPN)
                .build();
        socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslContext(tls)
                        .maxIdleTimeout(20, TimeUnit.SECONDS)
                        .initialMaxData(10_000_000)
                        .initialMaxStreamDataBidirectionalLocal(controlWindow)
                        .initialMaxStreamDataUnidirectional(window)
                        .initialMaxStreamsUnidirectional(4)
                        .datagram(128, 128)
                        .build())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        connection = QuicChannel.newBootstrap(socket)
                .handler(new Watch())
                .streamHandler(new ServersStream(reads))
                .remoteAddress(server)
                .connect()
                .syncUninterruptibly()
                .getNow();
    }

    /** A client that never reads what the server sends by itself. */
    static RawClient thatDoesNotRead(MeshFiles files, InetSocketAddress server) {
        return new RawClient(files, server, 1_000_000, 2048, false);
    }

    /** A client that never gets more of the server's answers than the first few bytes. */
    static RawClient thatTakesNoAnswers(MeshFiles files, InetSocketAddress server) {
        RawClient client = new RawClient(files, server, 16, 1_000_000, true);
        client.readsControl = false;
        return client;
    }

    private static final class ServersStream extends ChannelInitializer<QuicStreamChannel> {
        private final boolean reads;

        private ServersStream(boolean reads) {
            this.reads = reads;
        }

        @Override
        protected void initChannel(QuicStreamChannel stream) {
            stream.config().setAutoRead(reads);
        }
    }

    private final class Watch extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                End how = new End(CloseCode.of(close.error()), new String(close.reason(), StandardCharsets.UTF_8));
                end.complete(how);
                closed.complete(how);
            }
            ctx.fireUserEventTriggered(event);
        }
    }

    QuicStreamChannel openStream(QuicStreamType type) {
        MessageReader<ToClient.Control> reader = new MessageReader<>(ToClientCodec.control());
        QuicStreamChannel stream = connection
                .createStream(type, new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ByteBuf bytes = (ByteBuf) message;
                        reader.read(bytes.nioBuffer(), RawClient.this::received);
                        bytes.release();
                    }
                })
                .syncUninterruptibly()
                .getNow();
        stream.config().setAutoRead(readsControl);
        return stream;
    }

    private void received(ToClient.Control message) {
        received.add(message);
        if (message instanceof ToClient.Disconnect said) {
            end.complete(new End(said.known(), said.reason()));
        }
    }

    /** Opens the control stream and sends these bytes. */
    QuicStreamChannel control(byte[] bytes) {
        QuicStreamChannel stream = openStream(QuicStreamType.BIDIRECTIONAL);
        write(stream, bytes);
        return stream;
    }

    static void write(QuicStreamChannel stream, byte[] bytes) {
        stream.writeAndFlush(Unpooled.wrappedBuffer(bytes)).syncUninterruptibly();
    }

    void datagram(byte[] bytes) {
        connection.writeAndFlush(Unpooled.copiedBuffer(bytes)).syncUninterruptibly();
    }

    static byte[] frame(ToServer message) {
        return new ToServerCodec().frame(message).toArray();
    }

    static ToServer.Hello hello(String name) {
        return new ToServer.Hello(Wire.VERSION, 0, ToServer.Network.CLUSTER, name, Optional.empty(), Optional.empty());
    }

    static ToServer.Hello hello(String name, Optional<Bytes> token, Optional<Bytes> ticket) {
        return new ToServer.Hello(Wire.VERSION, 0, ToServer.Network.CLUSTER, name, token, ticket);
    }

    /** What came on the control stream. */
    List<ToClient.Control> received() {
        return received;
    }

    /** What the server says when it ends the connection, in whichever way it is heard first; waits for it. */
    End end() {
        return end.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** With what the server closes the connection itself; waits for it. */
    End closed() {
        return closed.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        connection.close().syncUninterruptibly();
        socket.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
