package io.gamemesh.client;

import io.gamemesh.protocol.sealed.Opening;
import io.gamemesh.protocol.sealed.PathMessage;
import io.gamemesh.protocol.sealed.SealedEnd;
import io.gamemesh.protocol.sealed.SealedPacket;
import io.gamemesh.protocol.wire.ToClient.SealedKeys;
import io.gamemesh.protocol.wire.WireFormatException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** The sealed datagrams beside one connection. Confined to the connection's event loop. */
final class SealedLink {

    /** The connection beside which they go. */
    interface Owner {

        /** A datagram, to be read before returning. */
        void datagram(ByteBuffer payload);

        /** Something authentic has come, at a time of {@link System#nanoTime()}. */
        void heard(long nowNanos);

        /** The server has sealed what it may not send. */
        void broken(WireFormatException how);
    }

    private final SealedPackets packets;
    private final SealedEnd end;
    private SealedPath path;
    private final InetSocketAddress server;
    private final Traffic traffic;
    private final Owner owner;

    SealedLink(SealedKeys keys, SealedPackets packets, InetSocketAddress server, Traffic traffic, Owner owner) {
        this.packets = packets;
        this.end = SealedEnd.ofClient(keys);
        this.path = freshPath();
        this.server = server;
        this.traffic = traffic;
        this.owner = owner;
    }

    private static SealedPath freshPath() {
        return new SealedPath(new SecureRandom()::nextLong, System.nanoTime());
    }

    /** Finds out anew whether the path is open: while the player was elsewhere its silence meant nothing. */
    void resumes() {
        path = freshPath();
    }

    int connectionId() {
        return end.connectionId();
    }

    /** Takes the keys that follow. */
    void rekey(SealedKeys keys) {
        end.rekey(keys);
    }

    /** Something has come over QUIC, a datagram or not. */
    void heardOverQuic(boolean datagram, long nowNanos) {
        path.heardOverQuic(nowNanos);
        if (datagram) {
            path.datagramOverQuic(nowNanos);
        }
    }

    /** As {@link SealedPath#asksOverQuic}. */
    boolean asksOverQuic() {
        return path.asksOverQuic(System.nanoTime());
    }

    /** As {@link SealedPath#inputTaken}. */
    void inputTaken(long nowNanos) {
        path.inputTaken(nowNanos);
    }

    /** Sends a datagram with the others of this turn of the event loop; false if it must go over QUIC. */
    boolean send(ByteBuffer payload) {
        if (end.spent()) {
            return false;
        }
        if (path.tick(System.nanoTime())) {
            tell(new PathMessage(PathMessage.Kind.PROBE, path.token()));
        }
        if (!path.isOpen() || end.spent()) {
            return false;
        }
        byte[] packet = packets.outgoing();
        int length = payload.remaining();
        payload.get(payload.position(), packet, SealedPacket.HEADER_BYTES, length);
        traffic.sealedSent += length;
        send(packet, end.seal(packet, length, false));
        return true;
    }

    private void tell(PathMessage message) {
        byte[] packet = packets.outgoing();
        send(packet, end.seal(packet, message.write(packet), true));
    }

    private void send(byte[] packet, int bytes) {
        traffic.wireSent += bytes;
        packets.send(packet, bytes, server).addListener(written -> {
            if (!written.isSuccess()) {
                traffic.unsent++;
            }
        });
    }

    /** A packet has come that names this connection. What does not open is dropped. */
    void received(byte[] packet, int bytes) {
        long now = System.nanoTime();
        traffic.wireReceived += bytes;
        byte[] payload = packets.payload();
        Opening opening = end.open(packet, bytes, payload, now);
        if (opening.dropped()) {
            traffic.sealedDropped++;
            return;
        }
        path.heard(now);
        owner.heard(now);
        ByteBuffer content = ByteBuffer.wrap(payload, 0, end.length());
        try {
            if (opening == Opening.DATAGRAM) {
                traffic.sealedReceived += end.length();
                path.heardDatagram();
                owner.datagram(content);
            } else {
                told(PathMessage.read(content));
            }
        } catch (WireFormatException e) {
            owner.broken(e);
        }
    }

    private void told(PathMessage message) {
        switch (message.kind()) {
            case PROBE -> {
                if (!end.spent()) {
                    tell(new PathMessage(PathMessage.Kind.ANSWER, message.token()));
                }
            }
            case ANSWER -> path.answered(message.token(), System.nanoTime());
        }
    }
}
