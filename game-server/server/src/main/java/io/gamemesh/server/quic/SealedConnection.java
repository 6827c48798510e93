package io.gamemesh.server.quic;

import io.gamemesh.protocol.sealed.Opening;
import io.gamemesh.protocol.sealed.PathMessage;
import io.gamemesh.protocol.sealed.SealedEnd;
import io.gamemesh.protocol.sealed.SealedPacket;
import io.gamemesh.protocol.wire.ToClient.SealedKeys;
import io.gamemesh.protocol.wire.TrafficKey;
import io.gamemesh.protocol.wire.WireFormatException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/** The sealed datagrams of one client: opens, seals, and renews the keys. Confined to the players' event loop. */
final class SealedConnection {

    /** The QUIC connection beside it. */
    interface Owner {

        /** Takes a datagram, which is only valid during the call. */
        void sealedDatagram(ByteBuffer datagram);

        /** A message about the path has come; it counts like any other. */
        void pathMessage();

        /** The client has proven that it is at another address now. */
        void moved(InetSocketAddress to);

        /** Sends keys to the client. */
        void hand(SealedKeys keys);

        /** The client has sealed what it may not send. */
        void broken(WireFormatException how);
    }

    private static final int PROBE_BYTES = SealedPacket.OVERHEAD + PathMessage.BYTES;
    private static final long LEAST_REKEY_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final SealedPackets packets;
    private final SealedEnd end;
    private final SealedPath path;
    private final SecureRandom random;
    private final long rekeyNanos;
    private final Owner owner;
    private long keyedNanos;

    SealedConnection(
            SealedPackets packets,
            int connectionId,
            InetSocketAddress proven,
            SecureRandom random,
            long rekeyNanos,
            Owner owner) {
        this.packets = packets;
        this.path = new SealedPath(proven, random::nextLong, System.nanoTime());
        this.random = random;
        this.rekeyNanos = rekeyNanos;
        this.owner = owner;
        this.keyedNanos = System.nanoTime();
        SealedKeys keys = keys(connectionId, 0);
        this.end = SealedEnd.ofServer(keys);
        owner.hand(keys);
    }

    private SealedKeys keys(int connectionId, int phase) {
        return new SealedKeys(
                Integer.toUnsignedLong(connectionId), phase, TrafficKey.random(random), TrafficKey.random(random));
    }

    /** The client has sent a datagram over QUIC. */
    void datagramOverQuic() {
        path.datagramOverQuic();
    }

    /** The client has sent something else over QUIC. */
    void heardOverQuic() {
        path.heardOverQuic(System.nanoTime());
    }

    /** Seals a datagram and sends it with the others of this turn of the event loop; false if it must go over QUIC. */
    boolean send(ByteBuffer datagram) {
        long now = System.nanoTime();
        if (!path.isOpen(now)) {
            return false;
        }
        if (path.checkDue(now)) {
            tell(new PathMessage(PathMessage.Kind.PROBE, path.checkToken()), path.address());
        }
        if (end.spent()) {
            return false;
        }
        byte[] packet = packets.outgoing();
        int length = datagram.remaining();
        datagram.get(packet, SealedPacket.HEADER_BYTES, length);
        packets.send(packet, end.seal(packet, length, false), path.address());
        return true;
    }

    /** A packet has come that names this connection. */
    void received(byte[] packet, int bytes, InetSocketAddress from) {
        long now = System.nanoTime();
        byte[] payload = packets.payload();
        Opening opening = end.open(packet, bytes, payload, now);
        if (opening.dropped()) {
            packets.dropped(opening);
            return;
        }
        try {
            if (opening == Opening.DATAGRAM) {
                probe(bytes, from, now);
                path.heardSealed(now);
                owner.sealedDatagram(ByteBuffer.wrap(payload, 0, end.length()));
            } else {
                owner.pathMessage();
                told(PathMessage.read(ByteBuffer.wrap(payload, 0, end.length())), from, now);
            }
        } catch (WireFormatException e) {
            owner.broken(e);
            return;
        }
        // The other side chooses its numbers, and could have each of its packets answered with new keys.
        boolean worn = end.worn() && now - keyedNanos >= LEAST_REKEY_NANOS;
        if (worn || (end.confirmed() && now - keyedNanos >= rekeyNanos)) {
            rekey(now);
        }
    }

    /**
     * Whoever may not be there is sent one packet for one of his, which is no longer: not for a short one, and not for a
     * path message, which may have to be answered.
     */
    private void probe(int bytes, InetSocketAddress from, long nowNanos) {
        if (bytes >= PROBE_BYTES && path.cameFrom(from, end.newest(), nowNanos)) {
            tell(new PathMessage(PathMessage.Kind.PROBE, path.token()), from);
        }
    }

    private void told(PathMessage message, InetSocketAddress from, long nowNanos) {
        switch (message.kind()) {
            case PROBE -> tell(new PathMessage(PathMessage.Kind.ANSWER, message.token()), from);
            case ANSWER -> {
                if (path.answered(from, message.token(), nowNanos)) {
                    owner.moved(from);
                }
            }
        }
    }

    private void tell(PathMessage message, InetSocketAddress to) {
        if (!end.spent()) {
            byte[] packet = packets.outgoing();
            packets.send(packet, end.seal(packet, message.write(packet), true), to);
        }
    }

    private void rekey(long nowNanos) {
        SealedKeys keys = keys(end.connectionId(), 1 - end.phase());
        end.rekey(keys);
        keyedNanos = nowNanos;
        owner.hand(keys);
    }

    /** Packets that name this connection are of an unknown one from now on. */
    void close() {
        packets.remove(end.connectionId());
    }
}
