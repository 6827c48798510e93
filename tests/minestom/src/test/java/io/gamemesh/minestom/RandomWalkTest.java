package io.gamemesh.minestom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomWalkTest {
    private static final double SIDE = 60;
    private static final int STEPS = 20_000;

    @Test
    void staysOnItsSquareAtItsSpeed() {
        RandomWalk walk = new RandomWalk(42, 7, SIDE);
        double x = walk.x();
        double z = walk.z();
        double way = 0;

        for (int i = 0; i < STEPS; i++) {
            walk.step();
            double stride = Math.hypot(walk.x() - x, walk.z() - z);
            assertThat(stride).isLessThanOrEqualTo(RandomWalk.SPEED / RandomWalk.STEPS_A_SECOND + 1e-9);
            assertThat(Math.max(Math.abs(walk.x()), Math.abs(walk.z()))).isLessThanOrEqualTo(SIDE / 2);
            way += stride;
            x = walk.x();
            z = walk.z();
        }

        double seconds = (double) STEPS / RandomWalk.STEPS_A_SECOND;
        assertThat(way / seconds).isCloseTo(RandomWalk.SPEED, within(0.05));
    }

    @Test
    void isTheSameForTheSameNumberAndAnotherForAnother() {
        RandomWalk walk = new RandomWalk(42, 7, SIDE);
        RandomWalk same = new RandomWalk(42, 7, SIDE);
        RandomWalk other = new RandomWalk(42, 8, SIDE);

        for (int i = 0; i < 100; i++) {
            walk.step();
            same.step();
            other.step();
        }

        assertThat(same.x()).isEqualTo(walk.x());
        assertThat(same.z()).isEqualTo(walk.z());
        assertThat(other.x()).isNotEqualTo(walk.x());
    }

    @Test
    void getsAboutOnAllOfItsSquare() {
        RandomWalk walk = new RandomWalk(42, 7, SIDE);
        int[] quarters = new int[4];

        for (int i = 0; i < STEPS; i++) {
            walk.step();
            quarters[(walk.x() < 0 ? 0 : 1) + (walk.z() < 0 ? 0 : 2)]++;
        }

        assertThat(Arrays.stream(quarters).min().orElseThrow()).isGreaterThan(STEPS / 20);
    }

    @Test
    void refusesASquareThatIsAllEdge() {
        assertThatThrownBy(() -> new RandomWalk(42, 7, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5.0 m");
    }
}
