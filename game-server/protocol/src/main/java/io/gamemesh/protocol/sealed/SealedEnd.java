package io.gamemesh.protocol.sealed;

import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToClient.SealedKeys;
import io.gamemesh.protocol.wire.TrafficKey;
import io.gamemesh.protocol.wire.WireFormatException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One side of the sealed datagrams of a connection: the keys of both directions, and how they change. New keys take turns
 * in two phases, which the packets name. A client sends with new keys once it has them; a server, which has made them, once
 * the client does. The keys before are good for a while longer, so that nothing under way is lost. Not thread-safe.
 */
public final class SealedEnd {

    /** How long packets with the keys before are taken after the first with the new ones. */
    public static final Duration OLD_KEYS_KEPT = Duration.ofSeconds(3);

    /** After so many packets in one direction new keys shall be made. */
    private static final int REKEY_AFTER = SealedPacket.KEY_PACKETS / 2;

    private enum Side {
        CLIENT,
        SERVER
    }

    private final Side side;
    private final int connectionId;
    private Sealer sealer;
    private Opener opener;
    private int phase;
    private @Nullable Sealer next;
    private @Nullable Opener old;
    private boolean confirmed;
    private long forgetNanos;
    private Opener latest;

    private SealedEnd(Side side, SealedKeys keys) {
        this.side = side;
        this.connectionId = (int) keys.connectionId();
        this.phase = keys.phase();
        this.sealer = new Sealer(outbound(keys), connectionId, phase);
        this.opener = new Opener(inbound(keys));
        this.latest = opener;
    }

    /** That of the client to whom these keys were sent. */
    public static SealedEnd ofClient(SealedKeys keys) {
        return new SealedEnd(Side.CLIENT, keys);
    }

    /** That of the server which has made these keys. */
    public static SealedEnd ofServer(SealedKeys keys) {
        return new SealedEnd(Side.SERVER, keys);
    }

    private TrafficKey outbound(SealedKeys keys) {
        return side == Side.CLIENT ? keys.toServer() : keys.toClient();
    }

    private TrafficKey inbound(SealedKeys keys) {
        return side == Side.CLIENT ? keys.toClient() : keys.toServer();
    }

    /** Which connection's packets these are. */
    public int connectionId() {
        return connectionId;
    }

    /** The phase of the newest keys, 0 or 1. */
    public int phase() {
        return phase;
    }

    /**
     * Takes the keys that follow.
     *
     * @throws WireFormatException if they are of another connection or of the same phase
     */
    public void rekey(SealedKeys keys) {
        if ((int) keys.connectionId() != connectionId || keys.phase() == phase) {
            throw new WireFormatException(
                    CloseCode.UNEXPECTED,
                    "SealedKeys of connection " + keys.connectionId() + " and phase " + keys.phase() + ", expected "
                            + Integer.toUnsignedLong(connectionId) + " and " + (1 - phase));
        }
        Sealer made = new Sealer(outbound(keys), connectionId, keys.phase());
        if (side == Side.CLIENT) {
            sealer = made;
        } else {
            next = made;
        }
        phase = keys.phase();
        old = opener;
        opener = new Opener(inbound(keys));
        confirmed = false;
    }

    /**
     * True if the other side has the newest keys and has used them, or this side has, so often that there should be new
     * ones.
     */
    public boolean worn() {
        return confirmed && (sealer.sealed() >= REKEY_AFTER || opener.highest() >= REKEY_AFTER);
    }

    /** True once the other side has sent something sealed with the newest keys: only then may there be newer ones. */
    public boolean confirmed() {
        return confirmed;
    }

    /** True if nothing more can be sealed until there are new keys. */
    public boolean spent() {
        return sealer.spent();
    }

    /** Seals a payload as {@link Sealer#seal} does. */
    public int seal(byte[] packet, int length, boolean path) {
        return sealer.seal(packet, length, path);
    }

    /**
     * Opens a packet as {@link Opener#open} does.
     *
     * @param nowNanos of a monotonic clock
     */
    public Opening open(byte[] packet, int bytes, byte[] into, long nowNanos) {
        if (bytes < SealedPacket.OVERHEAD) {
            return Opening.MISSIZED;
        }
        if (old != null && confirmed && nowNanos - forgetNanos >= 0) {
            old = null;
        }
        boolean current = SealedPacket.phase(packet) == phase;
        Opener with = current ? opener : old;
        if (with == null) {
            return Opening.UNKNOWN_KEY;
        }
        Opening opening = with.open(packet, bytes, into);
        if (!opening.dropped()) {
            latest = with;
            if (current && !confirmed) {
                confirm(nowNanos);
            }
        }
        return opening;
    }

    private void confirm(long nowNanos) {
        confirmed = true;
        forgetNanos = nowNanos + OLD_KEYS_KEPT.toNanos();
        if (next != null) {
            sealer = next;
            next = null;
        }
    }

    /** Length of the payload of the packet that was opened last. */
    public int length() {
        return latest.length();
    }

    /** True if the packet that was opened last is newer than all before it. */
    public boolean newest() {
        return latest == opener && latest.newest();
    }
}
