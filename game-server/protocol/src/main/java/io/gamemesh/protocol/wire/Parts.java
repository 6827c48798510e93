package io.gamemesh.protocol.wire;

/**
 * Head and hands of a player in virtual reality, as trackers report them.
 *
 * @param head where the eyes look from
 * @param left the left hand
 * @param right the right hand
 */
public record Parts(Part head, Part left, Part right) {

    /** Length on the wire, in bytes. */
    public static final int BYTES = 3 * Part.BYTES;

    /** How far a part can be from the middle of the feet on any axis, 1/128 m: 2.5 m. */
    public static final int MAX_OFFSET = 320;

    private static final int COMPONENT_BITS = 10;
    private static final int COMPONENT_MASK = (1 << COMPONENT_BITS) - 1;
    private static final double HALF = COMPONENT_MASK / 2.0;

    /**
     * One part.
     *
     * @param x from the middle of the feet, world axes, 1/128 m, at most {@link #MAX_OFFSET} either way
     * @param y as {@code x}
     * @param z as {@code x}
     * @param rotation a unit quaternion by its smallest three components (Fiedler, "Snapshot Compression", 2015): from
     *     the highest bit on 2 bits that say which of x, y, z, w is the greatest by magnitude, taken as positive and
     *     left out, and 3 x 10 bits with the others in order: (value x sqrt 2 + 1) x 511.5, rounded, 0 to 1023
     */
    public record Part(int x, int y, int z, int rotation) {

        /** Length on the wire, in bytes. */
        public static final int BYTES = 3 * Short.BYTES + Integer.BYTES;

        /** Refuses what is further away than a part can be. */
        public Part {
            x = bounded("part x", x);
            y = bounded("part y", y);
            z = bounded("part z", z);
        }

        private static int bounded(String field, int value) {
            return (int) WireReader.bounded(field, value, -MAX_OFFSET, MAX_OFFSET);
        }

        /** From metres, each brought within what a part can be, and any quaternion but zero. */
        public static Part of(double x, double y, double z, double qx, double qy, double qz, double qw) {
            return new Part(offset(x), offset(y), offset(z), smallestThree(new double[] {qx, qy, qz, qw}));
        }

        private static int offset(double metres) {
            return Math.clamp(Quantized.metres(metres), -MAX_OFFSET, MAX_OFFSET);
        }

        private static int smallestThree(double[] q) {
            int greatest = 0;
            double square = 0;
            for (int i = 0; i < q.length; i++) {
                square += q[i] * q[i];
                greatest = Math.abs(q[i]) > Math.abs(q[greatest]) ? i : greatest;
            }
            double scale = Math.copySign(1 / Math.sqrt(square), q[greatest]);
            int packed = greatest;
            for (int i = 0; i < q.length; i++) {
                if (i != greatest) {
                    packed = (packed << COMPONENT_BITS) | component(q[i] * scale);
                }
            }
            return packed;
        }

        private static int component(double value) {
            return Math.clamp(Math.round((value * Math.sqrt(2) + 1) * HALF), 0, COMPONENT_MASK);
        }

        /** The rotation as a unit quaternion: x, y, z, w; each within 0.0015 of what was packed. */
        public double[] quaternion() {
            double[] q = new double[4];
            int greatest = rotation >>> (3 * COMPONENT_BITS);
            double rest = 1;
            int shift = 2 * COMPONENT_BITS;
            for (int i = 0; i < q.length; i++) {
                if (i != greatest) {
                    q[i] = (((rotation >>> shift) & COMPONENT_MASK) / HALF - 1) / Math.sqrt(2);
                    rest -= q[i] * q[i];
                    shift -= COMPONENT_BITS;
                }
            }
            q[greatest] = Math.sqrt(Math.max(rest, 0));
            return q;
        }

        private void write(WireWriter out) {
            out.i16(x).i16(y).i16(z).i32(rotation);
        }

        private static Part read(WireReader in) {
            return new Part(in.i16("part x"), in.i16("part y"), in.i16("part z"), in.i32("part rotation"));
        }
    }

    /** Appends head, left and right hand, {@link #BYTES} in all: of each 3 x {@code i16}, then {@code u32}. */
    public void write(WireWriter out) {
        head.write(out);
        left.write(out);
        right.write(out);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws WireFormatException if it is cut short, or a part is too far away
     */
    public static Parts read(WireReader in) {
        return new Parts(Part.read(in), Part.read(in), Part.read(in));
    }
}
