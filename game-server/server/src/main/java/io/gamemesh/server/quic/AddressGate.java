package io.gamemesh.server.quic;

import io.gamemesh.server.metrics.ServerMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.incubator.codec.quic.QuicConnectionIdGenerator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Right before the QUIC codec: lets a packet through to an open connection only from the address that its client has
 * proven to be at. The codec sends to wherever the latest packet came from that names the connection, before it knows
 * whether the packet is genuine; so whoever had seen one could turn a connection away from its client, or a client have
 * its terrain sent to somebody else.
 *
 * <p>Connections are told apart by the first 8 bytes of their ids, which we draw. Who claims another's in its first
 * packet is not let in. Confined to the players' event loop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000#section-9">RFC 9000, section 9</a>
 */
final class AddressGate extends ChannelInboundHandlerAdapter {
    /** Of a client's own ids a connection has two at a time; a few more may be named by what is still under way. */
    private static final int IDS_KEPT = 4;

    private static final int LONG_HEADER = 0x80;
    private static final int SHORT_ID_INDEX = 1;
    private static final int LONG_ID_LENGTH_INDEX = 5;
    private static final int LONG_ID_INDEX = 6;

    private final ServerMetrics metrics;
    private final Long2ObjectHashMap<Guarded> connections = new Long2ObjectHashMap<>();
    private final QuicConnectionIdGenerator ids = new Ids();
    private long inHand;

    AddressGate(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    /** What the codec must draw its connection ids with, so that they are known here. */
    QuicConnectionIdGenerator ids() {
        return ids;
    }

    /**
     * Guards the connection that the packet in hand has opened, until {@link Guarded#close}.
     *
     * @param proven where it has come from
     * @return null if the packet has named another connection's id
     */
    @Nullable Guarded open(InetSocketAddress proven) {
        if (connections.containsKey(inHand)) {
            return null;
        }
        Guarded opened = new Guarded(proven);
        opened.named(inHand);
        return opened;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf content = packet.content();
        int index = indexOfId(content);
        if (index < 0) {
            drop(packet, "not-quic");
            return;
        }
        inHand = content.getLong(index);
        Guarded named = connections.get(inHand);
        if (named != null && !named.address.equals(packet.sender())) {
            drop(packet, "quic-unproven-address");
            return;
        }
        ctx.fireChannelRead(packet);
    }

    private void drop(DatagramPacket packet, String why) {
        packet.release();
        metrics.dropped(1);
        metrics.refused(why);
    }

    /** Negative if there are no 8 bytes of an id, which a client's first packet must have, too. */
    private static int indexOfId(ByteBuf packet) {
        int start = packet.readerIndex();
        if ((packet.getByte(start) & LONG_HEADER) == 0) {
            return start + SHORT_ID_INDEX;
        }
        return packet.getUnsignedByte(start + LONG_ID_LENGTH_INDEX) < Long.BYTES ? -1 : start + LONG_ID_INDEX;
    }

    /** An open connection. */
    final class Guarded {
        private final ArrayDeque<Long> names = new ArrayDeque<>();
        private InetSocketAddress address;

        private Guarded(InetSocketAddress proven) {
            this.address = proven;
        }

        private void named(long id) {
            if (connections.putIfAbsent(id, this) != null) {
                return;
            }
            names.add(id);
            if (names.size() > IDS_KEPT) {
                connections.remove(names.remove());
            }
        }

        /** The client has proven that it is elsewhere now. */
        void moved(InetSocketAddress proven) {
            address = proven;
        }

        void close() {
            names.forEach(connections::remove);
            names.clear();
        }
    }

    /** The codec's own, by signature, and overheard: a connection is given further ids by one that it has. */
    private final class Ids implements QuicConnectionIdGenerator {
        private final QuicConnectionIdGenerator signing = QuicConnectionIdGenerator.signGenerator();

        /** Of a retry: nothing is open yet. */
        @Override
        public ByteBuffer newId(ByteBuffer scid, ByteBuffer dcid, int length) {
            return signing.newId(dcid, length);
        }

        @Override
        public ByteBuffer newId(ByteBuffer input, int length) {
            Guarded connection = connections.get(input.getLong(input.position()));
            ByteBuffer id = signing.newId(input, length);
            if (connection != null) {
                connection.named(id.getLong(id.position()));
            }
            return id;
        }

        @Override
        public ByteBuffer newId(int length) {
            return signing.newId(length);
        }

        @Override
        public int maxConnectionIdLength() {
            return signing.maxConnectionIdLength();
        }

        @Override
        public boolean isIdempotent() {
            return signing.isIdempotent();
        }
    }
}
