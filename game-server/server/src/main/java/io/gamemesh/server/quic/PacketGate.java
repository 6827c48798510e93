package io.gamemesh.server.quic;

import io.gamemesh.protocol.sealed.SealedPacket;
import io.gamemesh.server.metrics.ServerMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import org.jboss.logging.Logger;

/**
 * First in line at the players' socket: counts bytes, and drops what can be neither QUIC nor sealed before it costs more
 * than a look at its first byte.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000#section-17">RFC 9000, sections 14.1 and 17</a>
 */
final class PacketGate extends ChannelDuplexHandler {
    private static final Logger LOG = Logger.getLogger(PacketGate.class);

    private static final int LONG_HEADER = 0x80;
    private static final int FIXED_BIT = 0x40;
    private static final int LONG_TYPE = 0x30;
    private static final int INITIAL = 0x00;
    /** A client must pad its first packets to this, so that answers do not amplify. */
    private static final int MIN_INITIAL_BYTES = 1200;
    /** Flags, an 8-byte or longer connection id, and what header protection samples. */
    private static final int MIN_PACKET_BYTES = 21;

    private final ServerMetrics metrics;

    PacketGate(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        metrics.received(packet.content().readableBytes());
        if (couldBeOurs(packet.content())) {
            ctx.fireChannelRead(packet);
        } else {
            packet.release();
            metrics.refusedPacket("not-quic");
        }
    }

    private static boolean couldBeOurs(ByteBuf packet) {
        int length = packet.readableBytes();
        if (length < MIN_PACKET_BYTES) {
            return false;
        }
        int first = packet.getByte(packet.readerIndex());
        if (SealedPacket.begins(first)) {
            return true;
        }
        if ((first & FIXED_BIT) == 0) {
            return false;
        }
        boolean initial = (first & LONG_HEADER) != 0 && (first & LONG_TYPE) == INITIAL;
        return !initial || length >= MIN_INITIAL_BYTES;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof DatagramPacket packet) {
            metrics.sent(packet.content().readableBytes());
        }
        ChannelFuture _ = ctx.write(message, promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // One stranger's packet, or an ICMP answer to one of ours; the socket serves everyone else.
        metrics.dropped(1);
        LOG.debugf(cause, "Dropped a packet on the players' port");
    }
}
