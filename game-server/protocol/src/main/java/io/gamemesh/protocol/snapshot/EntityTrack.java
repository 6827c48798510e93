package io.gamemesh.protocol.snapshot;

import io.gamemesh.protocol.wire.Quantized;
import java.util.Arrays;

/**
 * What a client knows of an entity: its newest record, and those before it that the server may still refer to. Changes
 * in place with each datagram. Not thread-safe.
 */
public final class EntityTrack {

    private static final int FIRST_CAPACITY = 4;

    private final long id;
    private final int kind;
    private final RecordForm form;
    private final int tickRate;

    // A ring of records by rising tick.
    private long[] ticks = new long[FIRST_CAPACITY];
    private int[] records = new int[FIRST_CAPACITY * RecordForm.FIELDS];
    private int oldest;
    private int count;

    EntityTrack(long id, int kind, int tickRate) {
        this.id = id;
        this.kind = kind;
        this.form = RecordForm.of(kind);
        this.tickRate = tickRate;
    }

    public long id() {
        return id;
    }

    /** See {@link io.gamemesh.protocol.wire.EntityKind}. */
    public int kind() {
        return kind;
    }

    /** What the fields of a record mean. */
    public RecordForm form() {
        return form;
    }

    /** The tick of the newest record. */
    public long tick() {
        return ticks[newest()];
    }

    /** A number of the newest record. */
    public int field(int index) {
        return records[newest() * RecordForm.FIELDS + index];
    }

    /**
     * Where it is by its newest record at a tick that is not before it, on axis 0, 1 or 2: metres within the region. A
     * record that is too old for a server to refer to says no more than one that just is not.
     */
    public double position(int axis, long tick) {
        return form.fine(records, newest() * RecordForm.FIELDS, axis, age(tick), tickRate) / (128.0 * RecordForm.FINE);
    }

    private int age(long tick) {
        return Math.clamp(tick - tick(), 0, SnapshotFormat.HISTORY - 1);
    }

    /** Which way it looks by its newest record at a tick that is not before it, 1/256 turns; 0 of a body. */
    public int yaw(long tick) {
        return form instanceof MobileForm
                ? MobileForm.foretoldYaw(records, newest() * RecordForm.FIELDS, RecordForm.time(age(tick), tickRate))
                : 0;
    }

    /** How fast its yaw changes by its newest record, radians a second; 0 of a body. */
    public double turn() {
        return form instanceof MobileForm ? Quantized.toRadians8(MobileForm.turn(field(MobileForm.YAW))) : 0;
    }

    /** How far up it looks by its newest record, 1/256 turns, -64 to 64; 0 of a body. */
    public int pitch() {
        return form instanceof MobileForm ? field(MobileForm.PITCH) : 0;
    }

    /** The velocity in its newest record on axis 0, 1 or 2, m/s. */
    public double velocity(int axis) {
        return (short) field(3 + axis) * form.velocityUnit() / 128.0;
    }

    /** How a body is turned by its newest record at a tick that is not before it: see {@link PackedRotation}. */
    public long rotation(long tick) {
        if (form != BodyForm.BODY) {
            return PackedRotation.NONE;
        }
        return BodyForm.rotation(records, newest() * RecordForm.FIELDS, age(tick));
    }

    /** How fast a body turns by its newest record about axis 0, 1 or 2, radians a second; 0 of what is no body. */
    public double spin(int axis) {
        if (form != BodyForm.BODY) {
            return 0;
        }
        int at = newest() * RecordForm.FIELDS;
        double x = BodyForm.spin(records, at, 0);
        double y = BodyForm.spin(records, at, 1);
        double z = BodyForm.spin(records, at, 2);
        double sine = Math.sqrt(x * x + y * y + z * z) / BodyForm.SPIN_ONE;
        return sine == 0
                ? 0
                : BodyForm.spin(records, at, axis) * 2 * Math.asin(sine) * tickRate / (sine * BodyForm.SPIN_ONE);
    }

    private int newest() {
        return (oldest + count - 1) & (ticks.length - 1);
    }

    /** Reads a record as the difference from an older one; false if there is no such one. */
    boolean read(BitReader in, long olderTick, long tick) {
        // The server refers to ever newer records, so those before are not asked for again.
        while (count > 0 && ticks[oldest] < olderTick) {
            oldest = (oldest + 1) & (ticks.length - 1);
            count--;
        }
        if (count == 0 || ticks[oldest] != olderTick) {
            return false;
        }
        int to = append(tick);
        form.read(
                in,
                records,
                oldest * RecordForm.FIELDS,
                (int) (tick - olderTick),
                records,
                to * RecordForm.FIELDS,
                tickRate);
        return true;
    }

    /** Older records stay: the server may yet hear of them first, and refer to them. */
    void readWhole(BitReader in, long tick) {
        int to = append(tick);
        form.readWhole(in, records, to * RecordForm.FIELDS);
    }

    private int append(long tick) {
        if (count == ticks.length) {
            if (count < SnapshotFormat.HISTORY) {
                grow();
            } else {
                oldest = (oldest + 1) & (ticks.length - 1);
                count--;
            }
        }
        count++;
        ticks[newest()] = tick;
        return newest();
    }

    private void grow() {
        int size = ticks.length;
        long[] newTicks = new long[size * 2];
        int[] newRecords = new int[size * 2 * RecordForm.FIELDS];
        for (int i = 0; i < count; i++) {
            int from = (oldest + i) & (size - 1);
            newTicks[i] = ticks[from];
            System.arraycopy(records, from * RecordForm.FIELDS, newRecords, i * RecordForm.FIELDS, RecordForm.FIELDS);
        }
        oldest = 0;
        ticks = newTicks;
        records = newRecords;
    }

    @Override
    public String toString() {
        return "entity " + Long.toHexString(id) + " of kind " + kind + " at tick " + tick() + ": "
                + Arrays.toString(
                        Arrays.copyOfRange(records, newest() * RecordForm.FIELDS, (newest() + 1) * RecordForm.FIELDS));
    }
}
