package io.gamemesh.benchmark.transport;

import io.gamemesh.protocol.sealed.Opening;
import io.gamemesh.protocol.sealed.PathMessage;
import io.gamemesh.protocol.sealed.SealedEnd;
import io.gamemesh.protocol.sealed.SealedPacket;
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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicStreamType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A client that says Hello and then what the benchmark wants; checks all that it is sent. */
final class Peer {
    private static final int MINUTES = 30;

    private final InetSocketAddress server;
    private final Channel socket;
    private final QuicChannel connection;
    private final SealedEnd end;
    private final byte[] outgoing = new byte[SealedPacket.MAX_BYTES];
    private final byte[] payload = new byte[SealedPacket.MAX_BYTES];
    private final CompletableFuture<ToClient.SealedKeys> keys = new CompletableFuture<>();
    private final LongAdder overQuic = new LongAdder();
    private final LongAdder sealed = new LongAdder();

    Peer(EventLoopGroup loop, QuicSslContext tls, InetSocketAddress server, InetSocketAddress bare) {
        this.server = server;
        ChannelHandler quic = new QuicClientCodecBuilder()
                .sslEngineProvider(channel -> tls.newEngine(channel.alloc(), Files.TLS_NAME, 0))
                .maxIdleTimeout(MINUTES, TimeUnit.MINUTES)
                .initialMaxData(1 << 20)
                .initialMaxStreamDataBidirectionalLocal(1 << 20)
                .initialMaxStreamsUnidirectional(1)
                .datagram(64, 64)
                .build();
        socket = new Bootstrap()
                .group(loop)
                .channel(EpollDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new SealedHandler(), quic);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        connection = QuicChannel.newBootstrap(socket)
                .handler(new DatagramHandler())
                .remoteAddress(server)
                .connect()
                .syncUninterruptibly()
                .getNow();
        ToServer.Hello hello = new ToServer.Hello(
                Wire.VERSION, Wire.SEALED, ToServer.Network.CLUSTER, "peer", Optional.empty(), Optional.empty());
        connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new ControlHandler())
                .syncUninterruptibly()
                .getNow()
                .writeAndFlush(
                        Unpooled.wrappedBuffer(new ToServerCodec().frame(hello).asReadOnlyBuffer()))
                .syncUninterruptibly();
        end = SealedEnd.ofClient(keys.orTimeout(10, TimeUnit.SECONDS).join());
        socket.writeAndFlush(new DatagramPacket(Unpooled.buffer(1).writeZero(1), bare))
                .syncUninterruptibly();
    }

    private final class ControlHandler extends ChannelInboundHandlerAdapter {
        private final MessageReader<ToClient.Control> reader = new MessageReader<>(ToClientCodec.control());

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            reader.read(bytes.nioBuffer(), said -> {
                if (said instanceof ToClient.SealedKeys made) {
                    keys.complete(made);
                }
            });
            bytes.release();
        }
    }

    private final class DatagramHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf datagram) {
                datagram.release();
                overQuic.increment();
            }
        }
    }

    private final class SealedHandler extends ChannelInboundHandlerAdapter {
        private final byte[] incoming = new byte[SealedPacket.MAX_BYTES];

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            int first = packet.content().getUnsignedByte(packet.content().readerIndex());
            if (first >= 0x40) {
                context.fireChannelRead(packet);
                return;
            }
            int bytes = packet.content().readableBytes();
            packet.content().readBytes(incoming, 0, bytes);
            packet.release();
            // Those of the bare socket are for nobody.
            if (SealedPacket.begins(first) && SealedPacket.connectionId(incoming) == end.connectionId()) {
                Opening opening = end.open(incoming, bytes, payload, System.nanoTime());
                if (opening == Opening.PATH) {
                    answer(PathMessage.read(ByteBuffer.wrap(payload, 0, end.length())));
                    return;
                }
                if (opening != Opening.DATAGRAM || end.length() != TransportBenchmark.PAYLOAD_BYTES) {
                    throw new IllegalStateException("a sealed packet of " + bytes + " bytes was " + opening);
                }
                sealed.increment();
            }
        }

        /** Who does not say every few seconds that he is there gets nothing sealed. */
        private void answer(PathMessage probe) {
            if (probe.kind() != PathMessage.Kind.PROBE) {
                throw new IllegalStateException("an answer came to a probe that nobody sent");
            }
            send(new PathMessage(PathMessage.Kind.ANSWER, probe.token()).write(outgoing), true);
        }
    }

    void sendOverQuic(int bytes) {
        ChannelFuture _ =
                connection.writeAndFlush(connection.alloc().directBuffer(bytes).writeZero(bytes));
    }

    void sendSealed(int bytes) {
        send(bytes, false);
    }

    private void send(int bytes, boolean path) {
        int length = end.seal(outgoing, bytes, path);
        ByteBuf packet = socket.alloc().directBuffer(length).writeBytes(outgoing, 0, length);
        ChannelFuture _ = socket.writeAndFlush(new DatagramPacket(packet, server));
    }

    /** Datagrams that have come over QUIC. */
    long overQuic() {
        return overQuic.sum();
    }

    /** Sealed datagrams that have come and opened. */
    long sealed() {
        return sealed.sum();
    }
}
