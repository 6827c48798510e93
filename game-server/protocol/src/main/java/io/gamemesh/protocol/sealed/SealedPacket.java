package io.gamemesh.protocol.sealed;

import io.gamemesh.protocol.wire.Wire;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The layout of a sealed datagram: one byte of flags, connection id (u32), counter (u32), ciphertext, tag. What comes
 * before the ciphertext is its associated data.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9443">RFC 9443: why the first byte tells it from QUIC</a>
 */
public final class SealedPacket {

    /** Bytes before the ciphertext. */
    public static final int HEADER_BYTES = 9;

    /** Bytes after it. */
    public static final int TAG_BYTES = 16;

    /** By how many bytes a packet is longer than its payload. */
    public static final int OVERHEAD = HEADER_BYTES + TAG_BYTES;

    /** Greatest length of a packet, in bytes: that of a datagram's payload and the overhead. */
    public static final int MAX_BYTES = Wire.MAX_DATAGRAM + OVERHEAD;

    /** Packets for which a key is good: an eighth of what RFC 9001, section 6.6, allows AES-GCM. Counters stay below it. */
    public static final int KEY_PACKETS = 1 << 20;

    private static final int KIND = 0x08;
    private static final int KIND_MASK = 0xfc;
    private static final int PATH = 0x02;
    private static final int PHASE = 0x01;
    private static final int ID_OFFSET = 1;
    private static final int COUNTER_OFFSET = 5;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private SealedPacket() {}

    /** True if a packet with that first byte is a sealed one; QUIC's are 0x40 and above. */
    public static boolean begins(int firstByte) {
        return (firstByte & KIND_MASK) == KIND;
    }

    /** The connection id of a packet that has a whole header. */
    public static int connectionId(byte[] packet) {
        return (int) INT.get(packet, ID_OFFSET);
    }

    static void writeHeader(byte[] packet, boolean path, int phase, int connectionId, int counter) {
        packet[0] = (byte) (KIND | (path ? PATH : 0) | phase);
        INT.set(packet, ID_OFFSET, connectionId);
        INT.set(packet, COUNTER_OFFSET, counter);
    }

    static boolean isPath(byte[] packet) {
        return (packet[0] & PATH) != 0;
    }

    static int phase(byte[] packet) {
        return packet[0] & PHASE;
    }

    static long counter(byte[] packet) {
        return Integer.toUnsignedLong((int) INT.get(packet, COUNTER_OFFSET));
    }
}
