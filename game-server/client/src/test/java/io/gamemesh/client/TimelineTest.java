package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final double MILLI = 1e6;

    private final Timeline timeline = new Timeline(20);
    private final Random random = new Random(1);

    private void snapshots(int from, int count, int jitterMillis, double drift) {
        for (int tick = from; tick < from + count; tick++) {
            double arrival =
                    (3000 + tick * 50 * drift + (jitterMillis == 0 ? 0 : random.nextInt(jitterMillis))) * MILLI;
            timeline.snapshot(7, tick, Math.round(arrival));
        }
    }

    @Test
    void knowsWhenATickIsDueOnAQuietNetwork() {
        snapshots(1, 200, 0, 1);

        assertThat(timeline.nanosOf(200) / MILLI).isCloseTo(13_000, within(0.1));
        assertThat(timeline.delayNanos() / MILLI).isCloseTo(50, within(3.0));
    }

    @Test
    void showsThePastTheMoreTheNetworkJitters() {
        snapshots(1, 400, 80, 1);

        assertThat(timeline.delayNanos() / MILLI).isBetween(100.0, 135.0);
    }

    @Test
    void forgetsJitterThatHasGone() {
        snapshots(1, 400, 80, 1);

        snapshots(401, 2000, 0, 1);

        assertThat(timeline.delayNanos() / MILLI).isLessThan(60);
    }

    @Test
    void followsAServerWhoseClockIsSlower() {
        snapshots(1, 4000, 10, 1.0001);

        double arrival = 3000 + 4000 * 50 * 1.0001;
        assertThat(timeline.nanosOf(4000) / MILLI).isCloseTo(arrival, within(15.0));
    }

    @Test
    void beginsAnewWithARegionThatCountsOtherTicks() {
        snapshots(1, 100, 0, 1);

        timeline.snapshot(8, 900_000, Math.round(8050 * MILLI));

        assertThat(timeline.nanosOf(900_000) / MILLI).isCloseTo(8050, within(5.0));
        assertThat(timeline.nanosOf(900_001) / MILLI).isCloseTo(8100, within(5.0));
    }
}
