package io.gamemesh.minestom;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import net.minestom.server.coordinate.Point;

/** Where one player has been told that the others are, held against where they are. Not thread-safe. */
final class Sightings {
    // What is on its way, at both ends of a tick, at a player's speed.
    private static final double TOLERANCE = 2;
    private static final double UNIT = 1.0 / 4096;

    private final boolean wanted;
    private final IntFunction<RandomWalk> walks;
    private final Map<Integer, Other> others = new HashMap<>();
    private long looks;
    private long astray;

    /**
     * Nothing is looked at yet.
     *
     * @param wanted whether to look at all: it costs more than all else that a bot does
     * @param walks of the players by their numbers
     */
    Sightings(boolean wanted, IntFunction<RandomWalk> walks) {
        this.wanted = wanted;
        this.walks = walks;
    }

    boolean wanted() {
        return wanted;
    }

    void spawned(int id, int number, Point at) {
        if (wanted) {
            others.put(id, new Other(walks.apply(number), at.x(), at.y(), at.z()));
        }
    }

    void gone(int id) {
        others.remove(id);
    }

    void moved(int id, short dx, short dy, short dz) {
        Other other = others.get(id);
        // The packets of a chunk's entities may overtake that one of them comes into view.
        if (other != null) {
            look(other, other.x + dx * UNIT, other.y + dy * UNIT, other.z + dz * UNIT);
        }
    }

    void placed(int id, double x, double y, double z) {
        Other other = others.get(id);
        if (other != null) {
            look(other, x, y, z);
        }
    }

    private void look(Other other, double x, double y, double z) {
        other.x = x;
        other.y = y;
        other.z = z;
        looks++;
        if (Math.hypot(x - other.walk.x(), z - other.walk.z()) > TOLERANCE) {
            astray++;
        }
    }

    void count() {
        looks = 0;
        astray = 0;
    }

    /** How often another's position was looked at. */
    long looks() {
        return looks;
    }

    /** How often another was seen where it isn't. */
    long astray() {
        return astray;
    }

    private static final class Other {
        private final RandomWalk walk;
        private double x;
        private double y;
        private double z;

        private Other(RandomWalk walk, double x, double y, double z) {
            this.walk = walk;
            this.x = x;
            this.y = y;
            this.z = z;
        }
    }
}
