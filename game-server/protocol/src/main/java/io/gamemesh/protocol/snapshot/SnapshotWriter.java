package io.gamemesh.protocol.snapshot;

import io.gamemesh.protocol.wire.Wire;
import java.nio.ByteBuffer;

/**
 * Writes the datagrams of snapshots: {@link #begin}, perhaps {@link #self}, then entities by rising number, then
 * {@link #end}. The caller sees to it that it all fits, from {@link #bitsLeft}. Reusable, does not allocate, not
 * thread-safe.
 */
public final class SnapshotWriter {

    private static final int COUNT_BYTES = 2;

    private final ByteBuffer datagram = ByteBuffer.allocate(Wire.MAX_DATAGRAM);
    private final BitWriter bits = new BitWriter(Wire.MAX_DATAGRAM / Long.BYTES + 2);
    private final int tickRate;
    private int flagsAt;
    private int countAt;
    private int flags;
    private int count;
    private int age;
    private int nextNumber;

    /** @param tickRate ticks a second, 1 to 255 */
    public SnapshotWriter(int tickRate) {
        this.tickRate = tickRate;
    }

    /**
     * Begins a datagram.
     *
     * @param view which stay in a region this is, modulo 256
     * @param sequence number of the datagram within the view, modulo 65,536
     * @param start whether it says which region and tick these are: until the client is known to have heard it
     * @param region packed
     * @param tick of the region
     * @param lastInput sequence number of the newest input that the state contains
     * @param usualAge how old most of the records are that this datagram refers to, 1 to 63; any if there are none
     * @param gapOrder order of the codes of gaps between numbers, 0 to {@link SnapshotFormat#MAX_GAP_ORDER}
     */
    public void begin(
            int view, int sequence, boolean start, long region, long tick, long lastInput, int usualAge, int gapOrder) {
        datagram.clear();
        bits.clear();
        flags = (start ? SnapshotFormat.START : 0) | (gapOrder << SnapshotFormat.GAP_SHIFT);
        age = usualAge;
        count = 0;
        nextNumber = 0;
        datagram.put((byte) SnapshotFormat.TYPE).put((byte) view).putShort((short) sequence);
        flagsAt = datagram.position();
        datagram.put((byte) flags).put((byte) usualAge);
        if (start) {
            datagram.putLong(region).putLong(tick);
        } else {
            datagram.putShort((short) tick);
        }
        datagram.putShort((short) lastInput);
        countAt = datagram.position();
        datagram.position(countAt + COUNT_BYTES);
    }

    /** How many more bits the datagram takes. */
    public int bitsLeft() {
        return (datagram.capacity() - datagram.position()) * Byte.SIZE - bits.length();
    }

    /** How many bits the datagram has so far, header included. */
    public int bitsUsed() {
        return datagram.position() * Byte.SIZE + bits.length();
    }

    /**
     * The player itself, as the first thing after {@link #begin}.
     *
     * @param older records, or empty if the client has none
     * @param at index of the one to refer to
     * @param olderAge ticks since then, 1 to 63; 0 for none
     * @param now records of this tick
     * @param nowAt index of the player's
     * @param speedX exactly, 1/128 m/s
     * @param speedY exactly, 1/128 m/s
     * @param speedZ exactly, 1/128 m/s
     * @param grounded true if it stands on something
     */
    public void self(
            int[] older,
            int at,
            int olderAge,
            int[] now,
            int nowAt,
            int speedX,
            int speedY,
            int speedZ,
            boolean grounded) {
        flags |= SnapshotFormat.SELF;
        MobileForm form = MobileForm.PLAYER;
        bits.put(grounded);
        bits.put(low(speedX, now[nowAt + 3]), SnapshotFormat.LOW_BITS);
        bits.put(low(speedY, now[nowAt + 4]), SnapshotFormat.LOW_BITS);
        bits.put(low(speedZ, now[nowAt + 5]), SnapshotFormat.LOW_BITS);
        boolean whole = olderAge == 0 || !form.reaches(older, at, olderAge, now, nowAt, tickRate);
        bits.put(whole);
        if (whole) {
            form.writeWhole(bits, now, nowAt);
        } else {
            bits.put(olderAge, SnapshotFormat.AGE_BITS);
            form.write(bits, older, at, olderAge, now, nowAt, tickRate);
        }
    }

    private static int low(int speed, int steps) {
        int rest = speed + SnapshotFormat.LOW_OFFSET - steps * MobileForm.PLAYER.velocityUnit();
        return rest & ((1 << SnapshotFormat.LOW_BITS) - 1);
    }

    /**
     * An entity of which the client has a record.
     *
     * @param number greater than that of the one before
     * @param recordAge ticks since that record, 1 to 63
     * @param difference what {@link RecordForm#write} has written
     * @param length how many bits that is, up to 64
     */
    public void changed(int number, int recordAge, long difference, int length) {
        int nextBits = changedBits(recordAge == age, 0);
        int headBits = headBits(number, nextBits);
        if (headBits + length <= Long.SIZE) {
            bits.put(head(number, kind(recordAge)) | (difference << headBits), headBits + length);
            counted(number);
        } else {
            number(number, kind(recordAge), nextBits);
            bits.put(difference, length);
        }
    }

    /**
     * An entity of which the client has a record.
     *
     * @param number greater than that of the one before
     * @param recordAge ticks since that record, 1 to 63
     * @param difference where {@link RecordForm#write} has written
     * @param firstWord where in it
     * @param length how many bits
     */
    public void changed(int number, int recordAge, BitWriter difference, int firstWord, int length) {
        number(number, kind(recordAge), changedBits(recordAge == age, 0));
        bits.putAll(difference, firstWord, length);
    }

    private int kind(int recordAge) {
        return recordAge == age ? 0b00 : 0b10 | (recordAge << 2);
    }

    /** How many bits {@link #changed} takes, the number not counted. */
    public static int changedBits(boolean ofUsualAge, int length) {
        return (ofUsualAge ? 2 : 2 + SnapshotFormat.AGE_BITS) + length;
    }

    /** An entity of which the client has no record, or none that could be referred to. */
    public void appeared(int number, long entityId, int kind, int[] now, int nowAt) {
        number(number, 0b01, 2);
        bits.put(entityId, Long.SIZE);
        bits.put(kind, SnapshotFormat.KIND_BITS);
        RecordForm.of(kind).writeWhole(bits, now, nowAt);
    }

    /** An entity that is out of sight. */
    public void gone(int number) {
        number(number, 0b11, 2);
    }

    /** A number and the few bits that follow it, in one go. */
    private void number(int number, int next, int nextBits) {
        bits.put(head(number, next), headBits(number, nextBits));
        counted(number);
    }

    private long head(int number, int next) {
        int gap = number - nextNumber;
        int gapOrder = flags >> SnapshotFormat.GAP_SHIFT;
        return BitWriter.golomb(gap, gapOrder) | ((long) next << BitWriter.golombLength(gap, gapOrder));
    }

    private int headBits(int number, int nextBits) {
        return numberBits(number - nextNumber, flags >> SnapshotFormat.GAP_SHIFT) + nextBits;
    }

    private void counted(int number) {
        nextNumber = number + 1;
        count++;
    }

    /** How many bits a number takes after another. */
    public static int numberBits(int gap, int gapOrder) {
        return BitWriter.golombLength(gap, gapOrder);
    }

    /** Ends the datagram, which is between position and limit and good until the next {@link #begin}. */
    public ByteBuffer end() {
        datagram.put(flagsAt, (byte) flags);
        datagram.putShort(countAt, (short) count);
        bits.copyTo(datagram);
        return datagram.flip();
    }
}
