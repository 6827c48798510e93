package io.gamemesh.protocol.wire;

import java.nio.ByteBuffer;

/**
 * Writes a snapshot, which is all that one client sees at one tick, into as many datagrams as it takes. Allocates
 * nothing and can be used again for the next client. Not thread-safe.
 *
 * <pre>{@code
 * writer.begin(region, tick, lastInput, x, y, z, vx, vy, vz);
 * writer.beginPart(buffer.clear());
 * for (Entity e : visible) {
 *     if (!writer.entity(e.id, ...)) {
 *         send(writer.endPart(false));
 *         writer.beginPart(buffer.clear());
 *         writer.entity(e.id, ...);
 *     }
 * }
 * send(writer.endPart(true));
 * }</pre>
 */
public final class SnapshotWriter {

    static final int TYPE = 0x01;
    static final int LAST_PART = 0x80;

    private static final int MAX_HEADER = 1 + 8 + 8 + 1 + 4 + 12 + 6;
    private static final int MAX_ENTITY = 8 + 1 + 3 * 8 + 2;

    /** Room that a part's buffer must have at the least: the header and one entity, bytes. */
    public static final int MIN_BUFFER = MAX_HEADER + MAX_ENTITY;

    private ByteBuffer target = ByteBuffer.allocate(0);
    private int start;
    private int partOffset;
    private int end;

    private int part;
    private long region;
    private long tick;
    private long lastInput;
    private int x;
    private int y;
    private int z;
    private int velocityX;
    private int velocityY;
    private int velocityZ;

    /**
     * Starts a snapshot.
     *
     * @param region that the player is in; all positions are relative to its lowest corner, 1/128 m
     * @param tick of the region
     * @param lastInput sequence number of the newest input that this state contains, 0 if none
     * @param x the player's own position
     * @param velocityX the player's own velocity, 1/128 m/s, 16 bits
     */
    public void begin(
            long region, long tick, long lastInput, int x, int y, int z, int velocityX, int velocityY, int velocityZ) {
        this.region = region;
        this.tick = tick;
        this.lastInput = lastInput;
        this.x = x;
        this.y = y;
        this.z = z;
        this.velocityX = velocityX;
        this.velocityY = velocityY;
        this.velocityZ = velocityZ;
        part = 0;
    }

    /**
     * Starts the next datagram, at the position of {@code buffer} (big-endian, heap or direct).
     *
     * @throws IllegalStateException after {@link Wire#MAX_SNAPSHOT_PARTS} parts: send the nearest entities only
     */
    public void beginPart(ByteBuffer buffer) {
        if (part >= Wire.MAX_SNAPSHOT_PARTS) {
            throw new IllegalStateException("a snapshot of more than " + Wire.MAX_SNAPSHOT_PARTS + " parts");
        }
        if (buffer.remaining() < MIN_BUFFER) {
            throw new IllegalArgumentException(
                    "a buffer of " + buffer.remaining() + " bytes, expected at least " + MIN_BUFFER);
        }
        target = buffer;
        start = buffer.position();
        end = start + Math.min(buffer.remaining(), Wire.MAX_DATAGRAM);
        target.put((byte) TYPE).putLong(region);
        WireWriter.putVarint(target, tick);
        partOffset = target.position();
        target.put((byte) part)
                .putInt((int) lastInput)
                .putInt(x)
                .putInt(y)
                .putInt(z)
                .putShort((short) velocityX)
                .putShort((short) velocityY)
                .putShort((short) velocityZ);
        part++;
    }

    /**
     * Adds an entity.
     *
     * @param id the entity's
     * @param kind see {@link EntityKind}
     * @param entityX its position in the player's region, 1/128 m, wherever it really is
     * @param yaw 1/256 turns, 0 to 255
     * @param pitch 1/256 turns, -64 to 64
     * @return false if this part is full and the entity belongs into the next
     */
    public boolean entity(long id, int kind, int entityX, int entityY, int entityZ, int yaw, int pitch) {
        long deltaX = WireWriter.zigzagged(entityX - x);
        long deltaY = WireWriter.zigzagged(entityY - y);
        long deltaZ = WireWriter.zigzagged(entityZ - z);
        int length = 8
                + 1
                + WireWriter.varintLength(deltaX)
                + WireWriter.varintLength(deltaY)
                + WireWriter.varintLength(deltaZ)
                + 2;
        if (end - target.position() < length) {
            return false;
        }
        target.putLong(id).put((byte) kind);
        WireWriter.putVarint(target, deltaX);
        WireWriter.putVarint(target, deltaY);
        WireWriter.putVarint(target, deltaZ);
        target.put((byte) yaw).put((byte) pitch);
        return true;
    }

    /**
     * Ends the datagram.
     *
     * @param last true for the last one of the snapshot
     * @return the buffer given to {@link #beginPart}, flipped: from where the datagram starts to its end
     */
    public ByteBuffer endPart(boolean last) {
        if (last) {
            target.put(partOffset, (byte) (target.get(partOffset) | LAST_PART));
        }
        return target.limit(target.position()).position(start);
    }
}
