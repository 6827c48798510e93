package io.gamemesh.crd.v1alpha1;

import java.util.List;

/** The three axes, as YAML lists them: x, y, z. */
final class Axes {

    private Axes() {}

    /** @throws IllegalArgumentException if there are not exactly three numbers */
    static void requireThree(String what, List<Integer> xyz) {
        if (xyz.size() != 3) {
            throw new IllegalArgumentException("A " + what + " is three whole numbers [x, y, z], not " + xyz);
        }
    }
}
