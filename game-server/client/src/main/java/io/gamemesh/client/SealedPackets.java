package io.gamemesh.client;

import io.gamemesh.protocol.sealed.SealedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Before the QUIC codec at a socket: hands sealed packets to the connection that they name, and gathers those that go
 * out. Confined to the socket's event loop.
 */
final class SealedPackets extends ChannelInboundHandlerAdapter {
    private final Int2ObjectHashMap<SealedLink> links = new Int2ObjectHashMap<>();
    private final byte[] incoming = new byte[SealedPacket.MAX_BYTES];
    private final byte[] payload = new byte[SealedPacket.MAX_BYTES];
    private final byte[] outgoing = new byte[SealedPacket.MAX_BYTES];
    private @Nullable ChannelHandlerContext context;
    private boolean flushing;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** False if another server has given the same id to another client here. */
    boolean add(SealedLink link) {
        return links.putIfAbsent(link.connectionId(), link) == null;
    }

    void remove(SealedLink link) {
        links.remove(link.connectionId(), link);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf content = packet.content();
        int bytes = content.readableBytes();
        if (bytes == 0 || !SealedPacket.begins(content.getByte(content.readerIndex()))) {
            ctx.fireChannelRead(packet);
            return;
        }
        try {
            if (bytes >= SealedPacket.OVERHEAD && bytes <= SealedPacket.MAX_BYTES) {
                content.getBytes(content.readerIndex(), incoming, 0, bytes);
                received(bytes);
            }
        } finally {
            packet.release();
        }
    }

    private void received(int bytes) {
        SealedLink link = links.get(SealedPacket.connectionId(incoming));
        // Those of a connection that has ended may still be under way.
        if (link != null) {
            link.received(incoming, bytes);
        }
    }

    /** Takes the payload of the packet in hand. */
    byte[] payload() {
        return payload;
    }

    /** Where a packet that is to be sent is made. */
    byte[] outgoing() {
        return outgoing;
    }

    /** Copies the packet and sends it at the end of this turn of the event loop. */
    ChannelFuture send(byte[] packet, int bytes, InetSocketAddress to) {
        ChannelHandlerContext ctx = Objects.requireNonNull(context);
        ByteBuf copy = ctx.alloc().directBuffer(bytes).writeBytes(packet, 0, bytes);
        if (!flushing) {
            flushing = true;
            ctx.executor().execute(() -> {
                flushing = false;
                ctx.flush();
            });
        }
        return ctx.write(new DatagramPacket(copy, to));
    }
}
