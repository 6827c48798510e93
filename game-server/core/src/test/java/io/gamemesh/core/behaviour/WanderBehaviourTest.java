package io.gamemesh.core.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WanderBehaviourTest {

    private final Behaviour wander = Behaviour.named("wander");
    private final Probe creature = new Probe();

    /** A creature in the open, that goes where it wants. */
    private static final class Probe implements Creature {
        private long memory;
        private long random;
        private double playerX = Double.NaN;
        private double vx;
        private double vz;
        private boolean runs;
        private boolean stuck;

        @Override
        public int species() {
            return 0;
        }

        @Override
        public double x() {
            return 10;
        }

        @Override
        public double y() {
            return 1;
        }

        @Override
        public double z() {
            return 10;
        }

        @Override
        public double speed() {
            return stuck ? 0 : Math.hypot(vx, vz);
        }

        @Override
        public boolean grounded() {
            return true;
        }

        @Override
        public long memory() {
            return memory;
        }

        @Override
        public void remember(long remembered) {
            memory = remembered;
        }

        @Override
        public long random() {
            return random;
        }

        @Override
        public boolean findPlayer(double radius) {
            return Math.abs(playerX - x()) <= radius;
        }

        @Override
        public double playerX() {
            return playerX;
        }

        @Override
        public double playerY() {
            return y();
        }

        @Override
        public double playerZ() {
            return z();
        }

        @Override
        public void move(double wantedX, double wantedZ, boolean run) {
            vx = wantedX;
            vz = wantedZ;
            runs = run;
        }

        @Override
        public void jump() {
            throw new AssertionError("it steps up by itself");
        }
    }

    @Test
    void runsFromAPlayerWhoComesTooNear() {
        creature.playerX = 12;

        wander.decide(creature);

        assertThat(creature.vx).isCloseTo(-6, within(0.01));
        assertThat(creature.vz).isCloseTo(0, within(0.01));
        assertThat(creature.runs).isTrue();
    }

    @Test
    void turnsWhereItCanGoNoFurther() {
        creature.playerX = 12;
        wander.decide(creature);
        creature.playerX = Double.NaN;
        creature.stuck = true;
        creature.random = 0;

        wander.decide(creature);

        assertThat(creature.vx).isCloseTo(0, within(0.01));
        assertThat(Math.abs(creature.vz)).isCloseTo(6, within(0.01));
    }

    @Property(tries = 20)
    void walksAndRestsInTurn(@ForAll long seed) {
        Random random = new Random(seed);
        int walking = 0;
        int resting = 0;
        for (int i = 0; i < 5000; i++) {
            creature.random = random.nextLong();
            wander.decide(creature);
            if (creature.vx == 0 && creature.vz == 0) {
                resting++;
            } else {
                walking++;
                assertThat(creature.speed()).isCloseTo(1.5, within(0.01));
            }
        }

        assertThat(walking).isGreaterThan(500);
        assertThat(resting).isGreaterThan(500);
    }

    @Test
    void thereIsNoBehaviourOfAnotherName() {
        assertThatThrownBy(() -> Behaviour.named("hunt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("behaviour is 'hunt'")
                .hasMessageContaining("[wander]");
    }
}
