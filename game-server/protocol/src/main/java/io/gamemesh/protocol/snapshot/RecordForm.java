package io.gamemesh.protocol.snapshot;

import io.gamemesh.protocol.wire.EntityKind;

/**
 * What is told of an entity of some kind at one tick, and how. A record is {@link #FIELDS} numbers in an array:
 *
 * <ul>
 *   <li>0 to 2: x, y, z, 1/128 m from the lowest corner of the region
 *   <li>3 to 5: in the lower half velocity, in {@link #velocityUnit()} of 1/128 m/s, 16 bits signed
 *   <li>from 6, and in the upper halves of 3 to 5: as the form says
 * </ul>
 *
 * <p>From a record everybody foretells where the entity goes on to, in a way that is the form's, so a record needs to be
 * followed by another only when the entity does something else (dead reckoning: IEEE 1278.1). Ages are 0 to
 * {@link SnapshotFormat#HISTORY} - 1 ticks. All arithmetic is on integers: both sides come to the same numbers.
 * Immutable, safe for any thread; does not allocate.
 */
public abstract sealed class RecordForm permits MobileForm, BodyForm {

    /** Numbers in a record. */
    public static final int FIELDS = 8;

    /** Steps of a fine position in one of a record. */
    public static final int FINE = 8;

    private static final int REACH = 1 << 28;

    /** The form of the records of a kind; kinds that are not known have that of players. */
    public static RecordForm of(int kind) {
        return switch (kind) {
            case EntityKind.PLAYER -> MobileForm.PLAYER;
            case EntityKind.BODY, EntityKind.HEAD, EntityKind.LEFT_HAND, EntityKind.RIGHT_HAND -> BodyForm.BODY;
            default -> MobileForm.PLAYER;
        };
    }

    /** How many 1/128 m/s one step of velocity is. */
    public abstract int velocityUnit();

    /** How many bits {@link #writeWhole} takes. */
    abstract int wholeBits();

    /** How many bits an entity takes that has just come into sight, its number not counted. */
    public final int appearedBits() {
        return SnapshotFormat.APPEARED_HEAD_BITS + wholeBits();
    }

    /**
     * Where a record says that the entity is on one axis some ticks later, 1/1024 m.
     *
     * @param record where the record is
     * @param at the index of its first number
     * @param axis 0, 1 or 2
     * @param age ticks since the record
     * @param tickRate ticks a second
     */
    public final long fine(int[] record, int at, int axis, int age, int tickRate) {
        return foretold(record, at, axis, time(age, tickRate));
    }

    private long foretold(int[] record, int at, int axis, int time) {
        return (long) record[at + axis] * FINE + way(record, at, axis, time);
    }

    /** Of some ticks, 1/65536 s, rounded to the nearest. */
    static int time(int age, int tickRate) {
        return ((age << 16) + tickRate / 2) / tickRate;
    }

    /** How far the entity has gone on one axis, 1/1024 m, a time after a record that is {@link #time} of its age. */
    abstract long way(int[] record, int at, int axis, int time);

    /** {@link #way} of what goes straight on. */
    final long straight(int[] record, int at, int axis, int time) {
        return ((long) (short) record[at + 3 + axis] * velocityUnit() * FINE * time + (1 << 15)) >> 16;
    }

    /** {@link #fine} in 1/128 m, rounded to the nearest, halves up. */
    final int predicted(int[] record, int at, int axis, int age, int tickRate) {
        return (int) ((fine(record, at, axis, age, tickRate) + FINE / 2) >> 3);
    }

    /**
     * How far off a client is that goes by an older record, as a number to compare with a tolerance: 1/1024 m, with
     * other properties scaled to it.
     *
     * @param record the older records
     * @param at the index of the record's first number
     * @param age ticks since then
     * @param now the records of this tick
     * @param nowAt the index of this tick's record
     * @param fineX this tick's position, 1/1024 m
     * @param fineY this tick's position, 1/1024 m
     * @param fineZ this tick's position, 1/1024 m
     * @param rotation this tick's, as in {@link PackedRotation}, where the form has one
     * @param tickRate ticks a second
     */
    public final int error(
            int[] record,
            int at,
            int age,
            int[] now,
            int nowAt,
            long fineX,
            long fineY,
            long fineZ,
            long rotation,
            int tickRate) {
        int time = time(age, tickRate);
        long x = Math.abs(foretold(record, at, 0, time) - fineX);
        long y = Math.abs(foretold(record, at, 1, time) - fineY);
        long z = Math.abs(foretold(record, at, 2, time) - fineZ);
        long worst = Math.max(Math.max(x, y), Math.max(z, otherError(record, at, age, time, now, nowAt, rotation)));
        return (int) Math.min(worst, Integer.MAX_VALUE);
    }

    abstract int otherError(int[] record, int at, int age, int time, int[] now, int nowAt, long rotation);

    /** Whether a record can be said as the difference from an older one: not if it is too far off. */
    public final boolean reaches(int[] record, int at, int age, int[] now, int nowAt, int tickRate) {
        for (int axis = 0; axis < 3; axis++) {
            long away = fine(record, at, axis, age, tickRate) / FINE - now[nowAt + axis];
            if (Math.abs(away) > REACH) {
                return false;
            }
        }
        return true;
    }

    /** Appends a record as the difference from an older one that {@link #reaches} it. */
    public abstract void write(BitWriter out, int[] record, int at, int age, int[] now, int nowAt, int tickRate);

    /**
     * Reads what {@link #write} has written.
     *
     * @throws io.gamemesh.protocol.wire.WireFormatException if it is not that
     */
    public abstract void read(BitReader in, int[] record, int at, int age, int[] now, int nowAt, int tickRate);

    /** Appends a record as it is. */
    public abstract void writeWhole(BitWriter out, int[] now, int nowAt);

    /**
     * Reads what {@link #writeWhole} has written.
     *
     * @throws io.gamemesh.protocol.wire.WireFormatException if it is not that
     */
    public abstract void readWhole(BitReader in, int[] now, int nowAt);
}
