package io.gamemesh.server.quic;

import io.gamemesh.protocol.sealed.Opening;
import io.gamemesh.protocol.sealed.SealedPacket;
import io.gamemesh.server.metrics.ServerMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import org.agrona.collections.Int2ObjectHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Before the QUIC codec at the players' socket: hands sealed packets to the connection that they name, and sends those
 * that go out. Confined to the players' event loop.
 */
final class SealedPackets extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(SealedPackets.class);

    private final ServerMetrics metrics;
    private final SecureRandom random;
    private final long rekeyNanos;
    private final Int2ObjectHashMap<SealedConnection> connections = new Int2ObjectHashMap<>();
    /** For the packet in hand; a connection's own would be out of the processor's cache each time. */
    private final byte[] incoming = new byte[SealedPacket.MAX_BYTES];

    private final byte[] payload = new byte[SealedPacket.MAX_BYTES];
    private final byte[] outgoing = new byte[SealedPacket.MAX_BYTES];
    private @Nullable ChannelHandlerContext context;

    /** @param rekeyAfter how long keys are used */
    SealedPackets(ServerMetrics metrics, SecureRandom random, Duration rekeyAfter) {
        this.metrics = metrics;
        this.random = random;
        this.rekeyNanos = rekeyAfter.toNanos();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Makes keys for a client with that address, which it has proven, and hands them to the owner. */
    SealedConnection open(InetSocketAddress proven, SealedConnection.Owner owner) {
        int id = random.nextInt();
        while (connections.containsKey(id)) {
            id = random.nextInt();
        }
        SealedConnection connection = new SealedConnection(this, id, proven, random, rekeyNanos, owner);
        connections.put(id, connection);
        return connection;
    }

    void remove(int connectionId) {
        connections.remove(connectionId);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf content = packet.content();
        if (!SealedPacket.begins(content.getByte(content.readerIndex()))) {
            ctx.fireChannelRead(packet);
            return;
        }
        try {
            received(content, packet.sender());
        } finally {
            packet.release();
        }
    }

    private void received(ByteBuf content, InetSocketAddress from) {
        int bytes = content.readableBytes();
        if (bytes < SealedPacket.OVERHEAD || bytes > SealedPacket.MAX_BYTES) {
            dropped(Opening.MISSIZED);
            return;
        }
        content.getBytes(content.readerIndex(), incoming, 0, bytes);
        SealedConnection connection = connections.get(SealedPacket.connectionId(incoming));
        if (connection == null) {
            metrics.refusedPacket("sealed-unknown-connection");
        } else {
            connection.received(incoming, bytes, from);
        }
    }

    void dropped(Opening why) {
        metrics.refusedPacket(
                switch (why) {
                    case MISSIZED -> "sealed-missized";
                    case UNKNOWN_KEY -> "sealed-unknown-key";
                    case REPLAYED -> "sealed-replayed";
                    case FORGED -> "sealed-forged";
                    case DATAGRAM, PATH -> throw new IllegalArgumentException("not dropped: " + why);
                });
    }

    /** Takes the payload of the packet in hand. */
    byte[] payload() {
        return payload;
    }

    /** Where a packet that is to be sent is made. */
    byte[] outgoing() {
        return outgoing;
    }

    /** Copies the packet and sends it; drops it if too many wait. */
    void send(byte[] packet, int bytes, InetSocketAddress to) {
        ChannelHandlerContext ctx = Objects.requireNonNull(context);
        if (!ctx.channel().isWritable()) {
            metrics.dropped(1);
            return;
        }
        ByteBuf copy = ctx.alloc().directBuffer(bytes).writeBytes(packet, 0, bytes);
        ChannelFuture _ = ctx.writeAndFlush(new DatagramPacket(copy, to), ctx.voidPromise());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Ours, at one client's packet; the others' are as good as ever.
        metrics.dropped(1);
        LOG.error("A sealed packet could not be taken", cause);
    }
}
