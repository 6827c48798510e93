package io.gamemesh.protocol.snapshot;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

/**
 * What turns about any axis. The upper halves of numbers 3 to 5 are the spin: the vector part of the quaternion by which
 * it turns in a tick, in 1/65,536. Numbers 6 and 7 are the rotation: 6 is which of the components x, y, z, w is the
 * greatest in its bits 16 and 17 with the first of the others in its lower half, 7 the other two, in 1/4,096.
 */
public final class BodyForm extends RecordForm {

    /** Of bodies. */
    static final BodyForm BODY = new BodyForm();

    /** What stands for 1 in a component of the spin. */
    public static final int SPIN_ONE = 1 << 16;

    private static final int VELOCITY_UNIT = 1;
    private static final int SPIN_SHIFT = 16;
    private static final int ROTATION_SHIFT = 12;
    private static final int FINE_SHIFT = 18 - ROTATION_SHIFT;
    private static final int COMPONENT_BITS = ROTATION_SHIFT + 1;
    // Numbers that stand for 1 while a rotation is extrapolated.
    private static final int SCALE = 28;
    private static final long ONE = 1L << SCALE;
    // So much rotation, in 1/2^18, is as bad as 1/1024 m: nine of these are 1 cm and 0.001.
    private static final int AS_BAD = 28;

    private static final int ORDER_BITS = 2;
    private static final int ORDERS = 1 << ORDER_BITS;
    private static final int ORDER_STEP = 2;

    private static final int MOVED = 1;
    private static final int CHANGED_SPEED = 2;
    private static final int TURNED = 4;
    private static final int CHANGED_SPIN = 8;
    private static final int FLAGS = 4;

    private BodyForm() {}

    @Override
    public int velocityUnit() {
        return VELOCITY_UNIT;
    }

    @Override
    int wholeBits() {
        return 3 * 32 + 6 * 16 + 2 + 3 * COMPONENT_BITS;
    }

    /**
     * Fills a record.
     *
     * @param x 1/128 m
     * @param y 1/128 m
     * @param z 1/128 m
     * @param speedX 1/128 m/s, 16 bits
     * @param speedY 1/128 m/s, 16 bits
     * @param speedZ 1/128 m/s, 16 bits
     * @param rotation as in {@link PackedRotation}
     * @param spinX vector part of the rotation in a tick, 1/65,536, 16 bits
     * @param spinY as spinX
     * @param spinZ as spinX
     */
    public static void fill(
            int[] records,
            int at,
            int x,
            int y,
            int z,
            int speedX,
            int speedY,
            int speedZ,
            long rotation,
            int spinX,
            int spinY,
            int spinZ) {
        records[at] = x;
        records[at + 1] = y;
        records[at + 2] = z;
        records[at + 3] = pair(speedX, spinX);
        records[at + 4] = pair(speedY, spinY);
        records[at + 5] = pair(speedZ, spinZ);
        setRotation(
                records,
                at,
                PackedRotation.greatest(rotation),
                PackedRotation.rounded(PackedRotation.other(rotation, 0), FINE_SHIFT),
                PackedRotation.rounded(PackedRotation.other(rotation, 1), FINE_SHIFT),
                PackedRotation.rounded(PackedRotation.other(rotation, 2), FINE_SHIFT));
    }

    private static int pair(int low, int high) {
        return (low & 0xffff) | (high << 16);
    }

    private static void setRotation(int[] records, int at, int greatest, int first, int second, int third) {
        records[at + 6] = pair(first, greatest);
        records[at + 7] = pair(second, third);
    }

    /** A component of a record's spin, axis 0 to 2, 1/65,536. */
    public static int spin(int[] record, int at, int axis) {
        return record[at + 3 + axis] >> 16;
    }

    private static int greatest(int[] record, int at) {
        return record[at + 6] >> 16;
    }

    private static int other(int[] record, int at, int which) {
        return which == 0 ? (short) record[at + 6] : which == 1 ? (short) record[at + 7] : record[at + 7] >> 16;
    }

    /**
     * How a body is turned some ticks after a record, as in {@link PackedRotation}: by the spin's quaternion to the power
     * of the age, with whole numbers alone. Cosine and sine of a multiple of an angle come from those of the angle
     * (Chebyshev polynomials of the first and second kind).
     *
     * @param age ticks since the record, 0 to 63
     */
    public static long rotation(int[] record, int at, int age) {
        int first = other(record, at, 0);
        int second = other(record, at, 1);
        int third = other(record, at, 2);
        int greatest = greatest(record, at);
        long left = (1L << (2 * ROTATION_SHIFT)) - (long) first * first - (long) second * second - (long) third * third;
        int finer = SCALE - ROTATION_SHIFT;
        long most = PackedRotation.root(left << (2 * finer));
        long x = greatest == 0 ? most : (long) first << finer;
        long y = greatest == 1 ? most : (long) (greatest > 1 ? second : first) << finer;
        long z = greatest == 2 ? most : (long) (greatest > 2 ? third : second) << finer;
        long w = greatest == 3 ? most : (long) third << finer;

        int spinX = spin(record, at, 0);
        int spinY = spin(record, at, 1);
        int spinZ = spin(record, at, 2);
        if (age == 0 || (spinX | spinY | spinZ) == 0) {
            return PackedRotation.of(x, y, z, w, SCALE);
        }
        // Of half the angle of one tick.
        long sineSquare = (long) spinX * spinX + (long) spinY * spinY + (long) spinZ * spinZ;
        long cosine = PackedRotation.root((1L << (2 * SCALE)) - (sineSquare << (2 * (SCALE - SPIN_SHIFT))));
        sineSquare = (sineSquare + (1L << (2 * SPIN_SHIFT - SCALE - 1))) >> (2 * SPIN_SHIFT - SCALE);
        long t = ONE;
        long u = 0;
        for (int bit = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(age); bit >= 0; bit--) {
            u = scaled(2 * t * u);
            t = scaled(2 * t * t) - ONE;
            if (((age >> bit) & 1) != 0) {
                long next = scaled(cosine * t - sineSquare * u);
                u = t + scaled(cosine * u);
                t = next;
            }
        }
        long a = (spinX * u) >> SPIN_SHIFT;
        long b = (spinY * u) >> SPIN_SHIFT;
        long c = (spinZ * u) >> SPIN_SHIFT;
        return PackedRotation.of(
                scaled(t * x + a * w + b * z - c * y),
                scaled(t * y - a * z + b * w + c * x),
                scaled(t * z + a * y - b * x + c * w),
                scaled(t * w - a * x - b * y - c * z),
                SCALE);
    }

    private static long scaled(long product) {
        return (product + ONE / 2) >> SCALE;
    }

    @Override
    long way(int[] record, int at, int axis, int time) {
        return straight(record, at, axis, time);
    }

    @Override
    int otherError(int[] record, int at, int age, int time, int[] now, int nowAt, long rotation) {
        int away = PackedRotation.difference(rotation(record, at, age), rotation);
        return (away + AS_BAD - 1) / AS_BAD;
    }

    /** A predicted component in the steps of a record, as if the one that is the greatest now were so, and positive. */
    private static int predicted(long rotation, int greatest, int which) {
        int component = PackedRotation.component(rotation, which < greatest ? which : which + 1);
        int sign = PackedRotation.component(rotation, greatest) < 0 ? -1 : 1;
        return PackedRotation.rounded((long) component * sign, FINE_SHIFT);
    }

    @Override
    public void write(BitWriter out, int[] record, int at, int age, int[] now, int nowAt, int tickRate) {
        int x = now[nowAt] - predicted(record, at, 0, age, tickRate);
        int y = now[nowAt + 1] - predicted(record, at, 1, age, tickRate);
        int z = now[nowAt + 2] - predicted(record, at, 2, age, tickRate);
        int speedX = (short) now[nowAt + 3] - (short) record[at + 3];
        int speedY = (short) now[nowAt + 4] - (short) record[at + 4];
        int speedZ = (short) now[nowAt + 5] - (short) record[at + 5];
        int spinX = spin(now, nowAt, 0) - spin(record, at, 0);
        int spinY = spin(now, nowAt, 1) - spin(record, at, 1);
        int spinZ = spin(now, nowAt, 2) - spin(record, at, 2);
        long turned = rotation(record, at, age);
        int greatest = greatest(now, nowAt);
        boolean otherGreatest = greatest != PackedRotation.greatest(turned);
        int first = other(now, nowAt, 0) - predicted(turned, greatest, 0);
        int second = other(now, nowAt, 1) - predicted(turned, greatest, 1);
        int third = other(now, nowAt, 2) - predicted(turned, greatest, 2);
        int flags = ((x | y | z) != 0 ? MOVED : 0)
                | ((speedX | speedY | speedZ) != 0 ? CHANGED_SPEED : 0)
                | (otherGreatest || (first | second | third) != 0 ? TURNED : 0)
                | ((spinX | spinY | spinZ) != 0 ? CHANGED_SPIN : 0);
        out.put(flags, FLAGS);
        if ((flags & MOVED) != 0) {
            write(out, x, y, z);
        }
        if ((flags & CHANGED_SPEED) != 0) {
            write(out, speedX, speedY, speedZ);
        }
        if ((flags & TURNED) != 0) {
            out.put(otherGreatest);
            if (otherGreatest) {
                out.put(greatest, 2);
            }
            write(out, first, second, third);
        }
        if ((flags & CHANGED_SPIN) != 0) {
            write(out, spinX, spinY, spinZ);
        }
    }

    private static void write(BitWriter out, int a, int b, int c) {
        int best = 0;
        int bestBits = Integer.MAX_VALUE;
        for (int i = 0; i < ORDERS; i++) {
            int order = i * ORDER_STEP;
            int bits = BitWriter.signedLength(a, order)
                    + BitWriter.signedLength(b, order)
                    + BitWriter.signedLength(c, order);
            if (bits < bestBits) {
                best = i;
                bestBits = bits;
            }
        }
        out.put(best, ORDER_BITS);
        out.putSigned(a, best * ORDER_STEP);
        out.putSigned(b, best * ORDER_STEP);
        out.putSigned(c, best * ORDER_STEP);
    }

    @Override
    public void read(BitReader in, int[] record, int at, int age, int[] now, int nowAt, int tickRate) {
        int x = predicted(record, at, 0, age, tickRate);
        int y = predicted(record, at, 1, age, tickRate);
        int z = predicted(record, at, 2, age, tickRate);
        int speedX = (short) record[at + 3];
        int speedY = (short) record[at + 4];
        int speedZ = (short) record[at + 5];
        int spinX = spin(record, at, 0);
        int spinY = spin(record, at, 1);
        int spinZ = spin(record, at, 2);
        long turned = rotation(record, at, age);
        int greatest = PackedRotation.greatest(turned);
        int flags = (int) in.get(FLAGS, "Snapshot body flags");
        if ((flags & MOVED) != 0) {
            int order = order(in);
            x += in.getSigned(order, "Snapshot x");
            y += in.getSigned(order, "Snapshot y");
            z += in.getSigned(order, "Snapshot z");
        }
        if ((flags & CHANGED_SPEED) != 0) {
            int order = order(in);
            speedX += in.getSigned(order, "Snapshot velocity x");
            speedY += in.getSigned(order, "Snapshot velocity y");
            speedZ += in.getSigned(order, "Snapshot velocity z");
        }
        int first = 0;
        int second = 0;
        int third = 0;
        if ((flags & TURNED) != 0) {
            if (in.getBoolean("Snapshot other component greatest")) {
                greatest = (int) in.get(2, "Snapshot greatest component");
            }
            int order = order(in);
            first = in.getSigned(order, "Snapshot rotation");
            second = in.getSigned(order, "Snapshot rotation");
            third = in.getSigned(order, "Snapshot rotation");
        }
        first += predicted(turned, greatest, 0);
        second += predicted(turned, greatest, 1);
        third += predicted(turned, greatest, 2);
        if ((flags & CHANGED_SPIN) != 0) {
            int order = order(in);
            spinX += in.getSigned(order, "Snapshot spin x");
            spinY += in.getSigned(order, "Snapshot spin y");
            spinZ += in.getSigned(order, "Snapshot spin z");
        }
        now[nowAt] = x;
        now[nowAt + 1] = y;
        now[nowAt + 2] = z;
        now[nowAt + 3] = pair(inShort(speedX, "velocity"), inShort(spinX, "spin"));
        now[nowAt + 4] = pair(inShort(speedY, "velocity"), inShort(spinY, "spin"));
        now[nowAt + 5] = pair(inShort(speedZ, "velocity"), inShort(spinZ, "spin"));
        requireRotation(first, second, third);
        setRotation(now, nowAt, greatest, first, second, third);
    }

    private static int order(BitReader in) {
        return (int) in.get(ORDER_BITS, "Snapshot order") * ORDER_STEP;
    }

    private static int inShort(int value, String what) {
        if (value != (short) value) {
            throw malformed("Snapshot " + what + " is " + value + ", expected 16 bits");
        }
        return value;
    }

    private static void requireRotation(int first, int second, int third) {
        long square = (long) first * first + (long) second * second + (long) third * third;
        if (square >= 1L << (2 * ROTATION_SHIFT)) {
            throw malformed("Snapshot rotation is (" + first + ", " + second + ", " + third
                    + "), expected a length below " + (1 << ROTATION_SHIFT));
        }
    }

    @Override
    public void writeWhole(BitWriter out, int[] now, int nowAt) {
        for (int axis = 0; axis < 3; axis++) {
            out.put(now[nowAt + axis] & 0xffff_ffffL, 32);
        }
        for (int axis = 0; axis < 3; axis++) {
            out.put(now[nowAt + 3 + axis] & 0xffff_ffffL, 32);
        }
        out.put(greatest(now, nowAt), 2);
        for (int which = 0; which < 3; which++) {
            out.put(other(now, nowAt, which) & ((1 << COMPONENT_BITS) - 1), COMPONENT_BITS);
        }
    }

    @Override
    public void readWhole(BitReader in, int[] now, int nowAt) {
        for (int axis = 0; axis < 3; axis++) {
            now[nowAt + axis] = (int) in.get(32, "Snapshot position");
        }
        for (int axis = 0; axis < 3; axis++) {
            now[nowAt + 3 + axis] = (int) in.get(32, "Snapshot velocity and spin");
        }
        int greatest = (int) in.get(2, "Snapshot greatest component");
        int first = component(in);
        int second = component(in);
        int third = component(in);
        requireRotation(first, second, third);
        setRotation(now, nowAt, greatest, first, second, third);
    }

    private static int component(BitReader in) {
        int unused = Integer.SIZE - COMPONENT_BITS;
        return (int) in.get(COMPONENT_BITS, "Snapshot rotation") << unused >> unused;
    }
}
