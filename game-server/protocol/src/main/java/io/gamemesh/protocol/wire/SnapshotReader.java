package io.gamemesh.protocol.wire;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import java.nio.ByteBuffer;

/**
 * Reads the datagrams that {@link SnapshotWriter} writes, in place: {@link #wrap} reads the header, then each {@link
 * #next} moves to an entity, whose fields are good until the next call. Reusable; allocates next to nothing. Not
 * thread-safe.
 */
public final class SnapshotReader {

    private static final int HEADER_AFTER_TICK = 1 + 4 + 12 + 6;

    private WireReader in = new WireReader(ByteBuffer.allocate(0));

    private long region;
    private long tick;
    private int part;
    private boolean last;
    private long lastInput;
    private int x;
    private int y;
    private int z;
    private int velocityX;
    private int velocityY;
    private int velocityZ;

    private long entityId;
    private int entityKind;
    private int entityX;
    private int entityY;
    private int entityZ;
    private int entityYaw;
    private int entityPitch;

    /**
     * Reads the header of a datagram, from position to limit.
     *
     * @throws WireFormatException if it is not a snapshot's
     */
    public void wrap(ByteBuffer datagram) {
        if (datagram.remaining() > Wire.MAX_DATAGRAM) {
            throw new WireFormatException(
                    CloseCode.TOO_LARGE,
                    "datagram is " + datagram.remaining() + " bytes, expected at most " + Wire.MAX_DATAGRAM);
        }
        in = new WireReader(datagram);
        int type = in.u8("datagram type");
        if (type != SnapshotWriter.TYPE) {
            throw malformed("datagram type is " + type + ", expected " + SnapshotWriter.TYPE);
        }
        region = in.i64("Snapshot region");
        tick = in.varint("Snapshot tick", 0, Wire.MAX_VARINT);
        if (in.remaining() < HEADER_AFTER_TICK) {
            throw malformed(
                    "Snapshot header needs " + HEADER_AFTER_TICK + " more bytes, " + in.remaining() + " are left");
        }
        int partAndLast = in.u8("Snapshot part");
        last = (partAndLast & SnapshotWriter.LAST_PART) != 0;
        part = (int) WireReader.bounded(
                "Snapshot part", partAndLast & ~SnapshotWriter.LAST_PART, 0, Wire.MAX_SNAPSHOT_PARTS - 1);
        lastInput = in.u32("Snapshot last input");
        x = in.i32("Snapshot x");
        y = in.i32("Snapshot y");
        z = in.i32("Snapshot z");
        velocityX = in.i16("Snapshot velocity x");
        velocityY = in.i16("Snapshot velocity y");
        velocityZ = in.i16("Snapshot velocity z");
    }

    /**
     * Moves to the next entity; false if there is none.
     *
     * @throws WireFormatException if what is left is not an entity
     */
    public boolean next() {
        if (in.remaining() == 0) {
            return false;
        }
        entityId = in.i64("Snapshot entity id");
        entityKind = in.u8("Snapshot entity kind");
        entityX = x + in.zigzag("Snapshot entity x");
        entityY = y + in.zigzag("Snapshot entity y");
        entityZ = z + in.zigzag("Snapshot entity z");
        entityYaw = in.u8("Snapshot entity yaw");
        entityPitch = (int) WireReader.bounded("Snapshot entity pitch", in.i8("Snapshot entity pitch"), -0x40, 0x40);
        return true;
    }

    /** The region that the player is in, to which all positions are relative. */
    public long region() {
        return region;
    }

    /** Tick of the region. */
    public long tick() {
        return tick;
    }

    /** Which part of the tick's snapshot this is, from 0. */
    public int part() {
        return part;
    }

    /** True if no part of the tick's snapshot comes after this one. */
    public boolean last() {
        return last;
    }

    /** Sequence number of the newest input that this state contains, 0 if none. */
    public long lastInput() {
        return lastInput;
    }

    /** The player's own position, 1/128 m. */
    public int x() {
        return x;
    }

    /** The player's own position, 1/128 m. */
    public int y() {
        return y;
    }

    /** The player's own position, 1/128 m. */
    public int z() {
        return z;
    }

    /** The player's own velocity, 1/128 m/s. */
    public int velocityX() {
        return velocityX;
    }

    /** The player's own velocity, 1/128 m/s. */
    public int velocityY() {
        return velocityY;
    }

    /** The player's own velocity, 1/128 m/s. */
    public int velocityZ() {
        return velocityZ;
    }

    public long entityId() {
        return entityId;
    }

    /** See {@link EntityKind}. */
    public int entityKind() {
        return entityKind;
    }

    /** Position in the player's region, 1/128 m. */
    public int entityX() {
        return entityX;
    }

    /** Position in the player's region, 1/128 m. */
    public int entityY() {
        return entityY;
    }

    /** Position in the player's region, 1/128 m. */
    public int entityZ() {
        return entityZ;
    }

    /** 1/256 turns, 0 to 255. */
    public int entityYaw() {
        return entityYaw;
    }

    /** 1/256 turns, -64 to 64. */
    public int entityPitch() {
        return entityPitch;
    }
}
