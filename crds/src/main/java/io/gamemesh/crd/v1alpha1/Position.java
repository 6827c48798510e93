package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * A corner of a box in the world, in whole metres; right-handed, +y up. In YAML {@code [x, y, z]}, since a bare
 * {@code y} as a key means {@code true} to kubectl.
 *
 * @param x metres
 * @param y metres upward
 * @param z metres
 */
public record Position(int x, int y, int z) {

    /** How far from the origin a position may be on each axis, in metres: a region of 512 m still has 20-bit cells. */
    public static final int LIMIT = 1 << 28;

    /**
     * Reads {@code [x, y, z]}.
     *
     * @throws IllegalArgumentException if there are not exactly three numbers
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Position of(List<Integer> xyz) {
        Axes.requireThree("position", xyz);
        return new Position(xyz.get(0), xyz.get(1), xyz.get(2));
    }

    /** Writes {@code [x, y, z]}. */
    @JsonValue
    public List<Integer> toList() {
        return List.of(x, y, z);
    }
}
