package io.gamemesh.protocol.snapshot;

/**
 * A rotation in a {@code long}: which of the components x, y, z, w of a unit quaternion is the greatest (bits 60 and 61,
 * 0 to 3), and the three others in their order from bit 0 on, 20 bits each, two's complement, in 1/{@value #ONE}. The
 * greatest is taken to be positive: a quaternion and its negative are the same rotation.
 */
public final class PackedRotation {

    /** What stands for 1 in a component. */
    public static final int ONE = 1 << 18;

    /** No rotation. */
    public static final long NONE = 3L << 60;

    private static final int BITS = 20;
    private static final int PART_BITS = 10;
    private static final int PART_MASK = (1 << PART_BITS) - 1;
    private static final int GREATEST_SHIFT = 3 * BITS;
    private static final long GREATEST = (1L << (GREATEST_SHIFT + 2)) - 1;

    private PackedRotation() {}

    /** Of a quaternion of any length but 0. */
    public static long of(double x, double y, double z, double w) {
        double norm = Math.sqrt(x * x + y * y + z * z + w * w);
        if (!(norm > 0) || norm == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "a rotation is (" + x + ", " + y + ", " + z + ", " + w + "), expected a length above 0");
        }
        int greatest = greatest(Math.abs(x), Math.abs(y), Math.abs(z), Math.abs(w));
        double scale = (select(greatest, x, y, z, w) < 0 ? -ONE : ONE) / norm;
        return pack(
                greatest,
                (int) Math.round((greatest > 0 ? x : y) * scale),
                (int) Math.round((greatest > 1 ? y : z) * scale),
                (int) Math.round((greatest > 2 ? z : w) * scale));
    }

    /** Of a rotation as in {@link io.gamemesh.protocol.wire.Parts.Part}, whichever 32 bits. */
    public static long ofPart(int rotation) {
        int greatest = rotation >>> (3 * PART_BITS);
        double first = partComponent(rotation >>> (2 * PART_BITS));
        double second = partComponent(rotation >>> PART_BITS);
        double third = partComponent(rotation);
        double most = Math.sqrt(Math.max(1 - first * first - second * second - third * third, 0));
        return of(
                greatest == 0 ? most : first,
                greatest == 1 ? most : greatest > 1 ? second : first,
                greatest == 2 ? most : greatest > 2 ? third : second,
                greatest == 3 ? most : third);
    }

    private static double partComponent(int bits) {
        return ((bits & PART_MASK) * 2.0 / PART_MASK - 1) * Math.sqrt(0.5);
    }

    private static double select(int which, double x, double y, double z, double w) {
        return which == 0 ? x : which == 1 ? y : which == 2 ? z : w;
    }

    /** The first of the greatest. */
    private static int greatest(double x, double y, double z, double w) {
        double most = Math.max(Math.max(x, y), Math.max(z, w));
        return x == most ? 0 : y == most ? 1 : z == most ? 2 : 3;
    }

    /** Whether a number is a rotation: nothing in its upper two bits, and a length that leaves room for the greatest. */
    public static boolean isRotation(long number) {
        long left = (long) ONE * ONE;
        for (int i = 0; i < 3; i++) {
            left -= (long) other(number, i) * other(number, i);
        }
        // The greatest of four components is at least a half, but for rounding.
        return number >= 0 && number <= GREATEST && left >= (long) ONE * (ONE / 4 - 4);
    }

    /** Of a quaternion of whole numbers of about the length 2^{@code shift}, shift at least 18. */
    static long of(long x, long y, long z, long w, int shift) {
        int greatest = 0;
        long most = x;
        if (Math.abs(y) > Math.abs(most)) {
            greatest = 1;
            most = y;
        }
        if (Math.abs(z) > Math.abs(most)) {
            greatest = 2;
            most = z;
        }
        if (Math.abs(w) > Math.abs(most)) {
            greatest = 3;
            most = w;
        }
        int sign = most < 0 ? -1 : 1;
        int less = shift - 18;
        return pack(
                greatest,
                rounded((greatest > 0 ? x : y) * sign, less),
                rounded((greatest > 1 ? y : z) * sign, less),
                rounded((greatest > 2 ? z : w) * sign, less));
    }

    /** Divided by 2^bits, rounded to the nearest, halves up. */
    static int rounded(long value, int bits) {
        return (int) ((value + (1L << bits >> 1)) >> bits);
    }

    static long pack(int greatest, int first, int second, int third) {
        return ((long) greatest << GREATEST_SHIFT)
                | (first & 0xfffffL)
                | ((second & 0xfffffL) << BITS)
                | ((third & 0xfffffL) << (2 * BITS));
    }

    /** Which component is the greatest: 0 for x to 3 for w. */
    static int greatest(long packed) {
        return (int) (packed >>> GREATEST_SHIFT) & 3;
    }

    /** The first, second or third (0 to 2) of the components that are not the greatest. */
    static int other(long packed, int which) {
        return (int) (packed << (Long.SIZE - BITS * (which + 1)) >> (Long.SIZE - BITS));
    }

    /** A component, 0 for x to 3 for w, in 1/{@value #ONE}. */
    static int component(long packed, int index) {
        int greatest = greatest(packed);
        if (index != greatest) {
            return other(packed, index < greatest ? index : index - 1);
        }
        long left = (long) ONE * ONE;
        for (int i = 0; i < 3; i++) {
            left -= (long) other(packed, i) * other(packed, i);
        }
        return (int) root(Math.max(left, 0));
    }

    /**
     * A component of the unit quaternion.
     *
     * @param index 0 for x, 1 for y, 2 for z, 3 for w
     */
    public static double get(long packed, int index) {
        return (double) component(packed, index) / ONE;
    }

    /** The greatest whole number whose square is at most a number of 0 to 2^62. */
    static long root(long square) {
        long root = (long) Math.sqrt((double) square);
        while (root * root > square) {
            root--;
        }
        while ((root + 1) * (root + 1) <= square) {
            root++;
        }
        return root;
    }

    /** By how much two rotations differ in the component that differs most, in 1/{@value #ONE}. */
    static int difference(long a, long b) {
        int alike = 0;
        int opposite = 0;
        for (int i = 0; i < 4; i++) {
            int left = component(a, i);
            int right = component(b, i);
            alike = Math.max(alike, Math.abs(left - right));
            opposite = Math.max(opposite, Math.abs(left + right));
        }
        return Math.min(alike, opposite);
    }
}
