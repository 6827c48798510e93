package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.core.motion.BlockView;
import io.gamemesh.core.motion.Matter;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RaycastTest {

    private static final int EDGE = 8;

    /** Blocks from 0 to 8 on each axis, one of ten solid; all else is open. */
    private static BlockView scattered(long seed) {
        boolean[] solid = new boolean[EDGE * EDGE * EDGE];
        Random random = new Random(seed);
        for (int i = 0; i < solid.length; i++) {
            solid[i] = random.nextInt(10) == 0;
        }
        return (x, y, z) -> {
            boolean inside = ((x | y | z) & ~(EDGE - 1)) == 0;
            return inside && solid[(y * EDGE + z) * EDGE + x] ? Matter.SOLID : Matter.OPEN;
        };
    }

    /** Where a line enters a slab, as a share of its length; less than 0 where it begins inside. */
    private static double[] slab(double from, double direction, double min, double max) {
        if (direction == 0) {
            boolean inside = from > min && from < max;
            return inside
                    ? new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}
                    : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        }
        double one = (min - from) / direction;
        double other = (max - from) / direction;
        return new double[] {Math.min(one, other), Math.max(one, other)};
    }

    /** The least share at which a box around a moving point meets a solid block, all of which are tried. */
    private static double nearest(BlockView blocks, double[] from, double[] direction, double[] low, double[] high) {
        double nearest = Double.POSITIVE_INFINITY;
        int[] at = new int[3];
        for (at[0] = 0; at[0] < EDGE; at[0]++) {
            for (at[1] = 0; at[1] < EDGE; at[1]++) {
                for (at[2] = 0; at[2] < EDGE; at[2]++) {
                    if (blocks.at(at[0], at[1], at[2]) != Matter.SOLID) {
                        continue;
                    }
                    double enter = Double.NEGATIVE_INFINITY;
                    double leave = Double.POSITIVE_INFINITY;
                    for (int axis = 0; axis < 3; axis++) {
                        double[] slab =
                                slab(from[axis], direction[axis], at[axis] - high[axis], at[axis] + 1 - low[axis]);
                        enter = Math.max(enter, slab[0]);
                        leave = Math.min(leave, slab[1]);
                    }
                    if (enter < leave && leave > 0) {
                        nearest = Math.min(nearest, enter);
                    }
                }
            }
        }
        return nearest;
    }

    @Property(tries = 1000)
    void meetsTheNearestOfAllSolidBlocks(@ForAll long seed) {
        BlockView blocks = scattered(seed);
        Random random = new Random(~seed);
        double[] from = {random.nextDouble(-2, 10), random.nextDouble(-2, 10), random.nextDouble(-2, 10)};
        double[] direction = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
        if (random.nextInt(4) == 0) {
            direction[random.nextInt(3)] = 0;
        }
        double length =
                Math.sqrt(direction[0] * direction[0] + direction[1] * direction[1] + direction[2] * direction[2]);
        Raycast ray = new Raycast(blocks);

        boolean met = ray.cast(from[0], from[1], from[2], direction[0], direction[1], direction[2], 15);

        double nearest = Math.max(0, nearest(blocks, from, direction, new double[3], new double[3]) * length);
        assertThat(met).isEqualTo(nearest <= 15);
        if (met) {
            assertThat(ray.distance()).isCloseTo(nearest, within(1e-9));
            assertThat(blocks.at(ray.blockX(), ray.blockY(), ray.blockZ())).isEqualTo(Matter.SOLID);
            Face face = ray.face();
            assertThat(face == Face.WITHIN).isEqualTo(nearest == 0);
            assertThat(face.dx() * direction[0] + face.dy() * direction[1] + face.dz() * direction[2])
                    .isLessThanOrEqualTo(0);
        }
    }

    @Test
    void tellsWhichSideItMet() {
        Raycast ray = new Raycast((x, y, z) -> x == 3 && y == 0 && z == 0 ? Matter.SOLID : Matter.OPEN);

        boolean east = ray.cast(5.5, 0.5, 0.5, -2, 0, 0, 10);
        Face eastern = ray.face();
        double distance = ray.distance();
        boolean above = ray.cast(3.5, 9, 0.5, 0, -1, 0, 10);

        assertThat(east).isTrue();
        assertThat(eastern).isEqualTo(Face.EAST);
        assertThat(distance).isEqualTo(1.5);
        assertThat(above).isTrue();
        assertThat(ray.face()).isEqualTo(Face.UP);
        assertThat(ray.cast(3.5, 9, 0.5, 0, -1, 0, 7.9)).isFalse();
    }

    @Test
    void refusesWhatIsNoRay() {
        Raycast ray = new Raycast((x, y, z) -> Matter.OPEN);

        assertThatThrownBy(() -> ray.cast(0, 0, 0, 0, 0, 0, 5)).hasMessageContaining("length 0.0");
        assertThatThrownBy(() -> ray.cast(0, Double.NaN, 0, 1, 0, 0, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ray.cast(0, 0, 0, 1, 0, 0, 1e9)).hasMessageContaining("1.0E9");
    }

    @Property(tries = 1000)
    void stopsABoxAtTheFirstBlockThatItEnters(@ForAll long seed) {
        BlockView blocks = scattered(seed);
        Random random = new Random(~seed);
        double halfWidth = random.nextDouble(0.1, 1.2);
        double height = random.nextDouble(0.1, 2.5);
        double[] from = {random.nextDouble(-12, -2), random.nextDouble(-4, 10), random.nextDouble(-2, 10)};
        double[] move = {random.nextDouble(0, 30), random.nextDouble(-8, 8), random.nextDouble(-8, 8)};
        if (random.nextBoolean()) {
            // From the other side.
            from[0] = EDGE - from[0];
            move[0] = -move[0];
        }
        double skin = Sweep.SKIN;
        double[] low = {-halfWidth + skin, skin, -halfWidth + skin};
        double[] high = {halfWidth - skin, height - skin, halfWidth - skin};
        Sweep sweep = new Sweep(blocks);

        sweep.box(from[0], from[1], from[2], halfWidth, height);
        boolean met = sweep.move(move[0], move[1], move[2]);

        double nearest = nearest(blocks, from, move, low, high);
        assertThat(sweep.share()).isCloseTo(Math.min(1, nearest), within(1e-3));
        if (Math.abs(nearest - 1) > 1e-3) {
            assertThat(met).isEqualTo(nearest < 1);
        }
    }

    @Test
    void letsABoxSlideOnTheGround() {
        Sweep sweep = new Sweep((x, y, z) -> y < 10 || x == 5 ? Matter.SOLID : Matter.OPEN);
        sweep.box(0.5, 10, 0.5, 0.3, 1.8);

        boolean along = sweep.move(2, 0, 2);
        boolean against = sweep.move(8, 0, 0);
        double share = sweep.share();
        Face face = sweep.face();
        boolean down = sweep.move(0, -1, 0);

        assertThat(along).isFalse();
        assertThat(against).isTrue();
        assertThat(0.5 + 8 * share).isCloseTo(4.7, within(1e-9));
        assertThat(face).isEqualTo(Face.WEST);
        assertThat(down).isTrue();
        assertThat(sweep.share()).isZero();
        assertThat(sweep.face()).isEqualTo(Face.UP);
    }

    @Test
    void refusesABoxOrMoveOutOfBounds() {
        Sweep sweep = new Sweep((x, y, z) -> Matter.OPEN);

        assertThatThrownBy(() -> sweep.box(0, 0, 0, 9, 1)).hasMessageContaining("half width 9.0");
        assertThatThrownBy(() -> sweep.move(0, 0, 2000)).hasMessageContaining("2000.0");
        assertThatThrownBy(() -> sweep.move(0, Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
