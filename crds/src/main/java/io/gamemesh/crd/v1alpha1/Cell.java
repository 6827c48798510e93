package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * A region's place in the grid of its depth: at depth 0 the cell x covers the metres from {@code x * regionSize} to
 * {@code (x + 1) * regionSize}; each depth halves that. In YAML {@code [x, y, z]}.
 *
 * @param x signed 20-bit cell
 * @param y signed 20-bit cell, upward
 * @param z signed 20-bit cell
 */
public record Cell(int x, int y, int z) {

    /**
     * Reads {@code [x, y, z]}.
     *
     * @throws IllegalArgumentException if there are not exactly three numbers
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Cell of(List<Integer> xyz) {
        Axes.requireThree("cell", xyz);
        return new Cell(xyz.get(0), xyz.get(1), xyz.get(2));
    }

    /** Writes {@code [x, y, z]}. */
    @JsonValue
    public List<Integer> toList() {
        return List.of(x, y, z);
    }
}
