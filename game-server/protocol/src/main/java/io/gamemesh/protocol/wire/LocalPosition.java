package io.gamemesh.protocol.wire;

/**
 * A place relative to the lowest corner of a region, in 1/128 m. It may lie outside of the region, by the hysteresis of
 * a crossing or the reach of a neighbour's ghost.
 */
public record LocalPosition(int x, int y, int z) {

    static final Codec<LocalPosition> CODEC = Codec.of(
            (out, position) -> out.i32(position.x).i32(position.y).i32(position.z),
            in -> new LocalPosition(in.i32("position x"), in.i32("position y"), in.i32("position z")));

    /** The place at those metres from the corner, rounded to the nearest 1/128. */
    public static LocalPosition ofMetres(double x, double y, double z) {
        return new LocalPosition(Quantized.metres(x), Quantized.metres(y), Quantized.metres(z));
    }

    /** Metres from the corner, towards +x. */
    public double metresX() {
        return x / Quantized.PER_METRE;
    }

    /** Metres from the corner, towards +y. */
    public double metresY() {
        return y / Quantized.PER_METRE;
    }

    /** Metres from the corner, towards +z. */
    public double metresZ() {
        return z / Quantized.PER_METRE;
    }
}
