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
 * <p>Connections are told apart by the first 8 bytes of their ids, each of which is one connection's at most. The first
 * is the client's to choose, whatever a retry had told it: who chooses one that is taken is not let in. The others are
 * drawn so that nobody can have taken them before. Confined to the players' event loop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000#section-9">RFC 9000, section 9</a>
 */
final class AddressGate extends ChannelInboundHandlerAdapter {
    /** To be told to the codec: it draws a connection's next id when one of two is retired, by the one that is left. */
    static final int IDS_AT_A_TIME = 2;

    /** Packets that name an id which has been retired may still be under way. */
    private static final int IDS_KEPT = 2 * IDS_AT_A_TIME;

    private static final int LONG_HEADER = 0x80;
    private static final int SHORT_ID_INDEX = 1;
    private static final int LONG_ID_LENGTH_INDEX = 5;
    private static final int LONG_ID_INDEX = 6;

    private final ServerMetrics metrics;
    private final Long2ObjectHashMap<Guarded> connections = new Long2ObjectHashMap<>();
    private final QuicConnectionIdGenerator ids = new Ids();
    private boolean reading;
    private long inHand;

    AddressGate(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    /** What the codec must draw its connection ids with, so that they are known here. */
    QuicConnectionIdGenerator ids() {
        return ids;
    }

    /**
     * Guards the connection that the packet in hand has opened, until {@link Guarded#close}. The codec sets connections up
     * while it is given that packet.
     *
     * @param proven where it has come from
     * @return null if the packet has named another connection's id
     * @throws IllegalStateException if no packet is in hand
     */
    @Nullable Guarded open(InetSocketAddress proven) {
        if (!reading) {
            throw new IllegalStateException("a connection was opened without a packet, expected one in hand");
        }
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
        reading = true;
        try {
            ctx.fireChannelRead(packet);
        } finally {
            reading = false;
        }
    }

    private void drop(DatagramPacket packet, String why) {
        packet.release();
        metrics.refusedPacket(why);
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

        /** The latest that is known to be in use is the last to be forgotten. */
        private void named(long id) {
            names.remove(id);
            names.add(id);
            connections.put(id, this);
            if (names.size() > IDS_KEPT) {
                connections.remove(names.remove());
            }
        }

        /** Where the client has proven to be. */
        InetSocketAddress address() {
            return address;
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

    /** The codec's own, at random, and overheard: a connection is given further ids by one that it has. */
    private final class Ids implements QuicConnectionIdGenerator {
        private final QuicConnectionIdGenerator random = QuicConnectionIdGenerator.randomGenerator();

        /** Of a retry: nothing is open yet. */
        @Override
        public ByteBuffer newId(ByteBuffer scid, ByteBuffer dcid, int length) {
            return random.newId(length);
        }

        @Override
        public ByteBuffer newId(ByteBuffer input, int length) {
            long inUse = prefix(input);
            Guarded connection = connections.get(inUse);
            if (connection == null) {
                return random.newId(length);
            }
            ByteBuffer id = random.newId(length);
            while (connections.containsKey(prefix(id))) {
                id = random.newId(length);
            }
            connection.named(inUse);
            connection.named(prefix(id));
            return id;
        }

        private static long prefix(ByteBuffer id) {
            return id.getLong(id.position());
        }

        @Override
        public ByteBuffer newId(int length) {
            return random.newId(length);
        }

        @Override
        public int maxConnectionIdLength() {
            return random.maxConnectionIdLength();
        }

        @Override
        public boolean isIdempotent() {
            return random.isIdempotent();
        }
    }
}
