package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TrackTest {

    private static final long MILLI = 1_000_000;

    private final Track track = new Track();
    private final Pose pose = new Pose();

    private void add(long millis, double x, double vx) {
        track.add(millis * MILLI, x, 0, 0, vx, 0, 0, 0, 0);
    }

    private double at(long millis) {
        track.at(millis * MILLI, pose);
        return pose.x();
    }

    @Test
    void isNowhereBeforeItHasBeenAnywhere() {
        assertThat(track.at(1, pose)).isFalse();
    }

    @Test
    void goesThroughEachStateAndSmoothlyBetween() {
        add(1000, 0, 4);
        add(1050, 0.2, 4);
        add(1100, 0.4, 0);

        assertThat(at(1000)).isEqualTo(0);
        assertThat(at(1025)).isCloseTo(0.1, within(1e-9));
        assertThat(at(1050)).isCloseTo(0.2, within(1e-9));
        assertThat(at(1075)).isBetween(0.3, 0.4);
    }

    @Test
    void goesOnForAQuarterOfASecondWithoutNews() {
        add(1000, 0, 4);

        assertThat(at(1100)).isCloseTo(0.4, within(1e-9));
        assertThat(at(1250)).isCloseTo(1, within(1e-9));
        assertThat(at(9000)).isCloseTo(1, within(1e-9));
    }

    /** At 2 m/s and half a turn in pi seconds, a circle of 2 m. */
    @Test
    void goesOnInAnArcWhoTurns() {
        track.add(0, 0, 0, 0, 0, 0, -2, 0, 0, 1, Long.MAX_VALUE);

        track.at(Math.round(1e9 * Math.PI / 4), Long.MAX_VALUE, pose);

        assertThat(pose.x()).isCloseTo(-2 * (1 - Math.cos(Math.PI / 4)), within(1e-6));
        assertThat(pose.z()).isCloseTo(-2 * Math.sin(Math.PI / 4), within(1e-6));
        assertThat(pose.yaw()).isCloseTo(Math.PI / 4, within(1e-6));
    }

    @Test
    void staysOnTheWayThatWasForetoldUntilShortlyBeforeTheNextState() {
        track.add(0, 0, 0, 0, 0, 0, -2, 0, 0, 1, 100 * MILLI);
        track.at(900 * MILLI, 1000 * MILLI, pose);
        double x = pose.x();
        double z = pose.z();

        track.add(1000 * MILLI, 5, 0, 0, 0, 0, 0, 0, 0, 0, 100 * MILLI);

        track.at(900 * MILLI, pose);
        assertThat(pose.x()).isCloseTo(x, within(1e-9));
        assertThat(pose.z()).isCloseTo(z, within(1e-9));
        track.at(500 * MILLI, pose);
        assertThat(pose.x()).isCloseTo(-2 * (1 - Math.cos(0.5)), within(1e-9));
        assertThat(at(1000)).isEqualTo(5);
    }

    @Test
    void doesNotSlideToAFarPlace() {
        add(1000, 0, 0);
        add(1050, 500, 0);

        assertThat(at(1049)).isZero();
        assertThat(at(1050)).isEqualTo(500);
    }

    @Test
    void takesTheShorterWayRound() {
        track.add(0, 0, 0, 0, 0, 0, 0, 6.2, 0);
        track.add(100, 0, 0, 0, 0, 0, 0, 0.1, 0);

        track.at(50, pose);

        assertThat(Math.abs(Math.IEEEremainder(pose.yaw() - 0.0084, 2 * Math.PI)))
                .isLessThan(0.01);
    }

    @Test
    void ignoresStatesThatComeLate() {
        add(1000, 1, 0);

        add(950, 7, 0);

        assertThat(at(1000)).isEqualTo(1);
    }

    /**
     * What walks a smooth path under jitter, loss and rare updates is shown where it was a while ago: how long ago
     * depends on what was lost of late, where does not. Of its updates no more than two are lost one after the other: the
     * longer there is no news of it, the farther it has gone from where it was foretold to be.
     */
    @Property(tries = 200)
    void showsASmoothPathWhateverTheNetworkDoes(@ForAll long seed) {
        Random random = new Random(seed);
        int every = 1 + random.nextInt(4);
        Timeline timeline = new Timeline(20);
        RemoteEntity entity = new RemoteEntity(1, () -> 0);
        double farthest = 0;
        double sumOff = 0;
        int pictures = 0;
        int lostInARow = 0;

        for (int tick = 1; tick < 400; tick++) {
            long arrival = tick * 50L * MILLI + random.nextInt((int) (30 * MILLI));
            boolean isLost = random.nextInt(20) == 0 && lostInARow < 2;
            if (tick % every == 0) {
                lostInARow = isLost ? lostInARow + 1 : 0;
            }
            if (!isLost) {
                timeline.snapshot(1, tick, arrival);
                if (tick % every == 0) {
                    double velocity = 20 * (x(tick) - x(tick - 1));
                    entity.update(1, x(tick), 0, 0, velocity, 0, 0, 0, 0, tick, timeline.nanosOf(tick));
                }
                long picture = arrival - timeline.delayNanos();
                entity.show(picture, timeline.periodNanos(), pose);
                double shown = (picture - timeline.nanosOf(0)) / 50e6 - (every - 1);
                if (tick > 100) {
                    farthest = Math.max(farthest, farFromPath(pose.x(), shown));
                    sumOff += Math.abs(pose.x() - x(shown));
                    pictures++;
                }
            }
        }

        assertThat(pictures).isGreaterThan(200);
        assertThat(farthest).isLessThan(0.15);
        assertThat(sumOff / pictures).isLessThan(0.3);
    }

    /** How far from the nearest place at which it was within half a second of the time that is to be shown. */
    private static double farFromPath(double shownX, double tick) {
        double nearest = Double.MAX_VALUE;
        for (double off = -10; off <= 10; off += 0.25) {
            nearest = Math.min(nearest, Math.abs(shownX - x(tick + off)));
        }
        return nearest;
    }

    private static double x(double tick) {
        return 10 * Math.sin(tick / 50);
    }
}
