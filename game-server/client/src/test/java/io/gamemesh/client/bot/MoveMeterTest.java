package io.gamemesh.client.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MoveMeterTest {

    private static final int TICK_RATE = 20;
    private static final long TICK = 50_000_000;
    private static final long REGION = 7;

    private final MoveMeter meter = new MoveMeter();
    private final SplittableRandom random = new SplittableRandom(1);

    /** Ticks that three players are shown, each of them up to a period late but for one now and then. */
    private void ticks(String server, long from, long to, long heldUp) {
        for (long tick = from; tick < to; tick++) {
            for (int player = 0; player < 3; player++) {
                long late = tick % 10 == player ? 0 : random.nextLong(TICK);
                meter.saw(REGION, server, tick, TICK_RATE, tick * TICK + heldUp + late);
            }
        }
    }

    @Test
    void findsForHowLongTheRegionStoodStillWhateverMakesSnapshotsLate() {
        ticks("demo-0", 1000, 1100, 0);
        ticks("demo-1", 1100, 1200, 30_000_000);
        ticks("demo-2", 1200, 1300, 100_000_000);

        MoveMeter.Moves moves = meter.moves();

        assertThat(moves.frozen().count()).isEqualTo(2);
        assertThat(moves.frozen().maxMillis()).isCloseTo(70, within(1.0));
        assertThat(moves.frozen().percentileMillis(0.5)).isCloseTo(30, within(1.0));
    }

    @Test
    void takesTicksThatNobodyWasShownForNoStandstill() {
        ticks("demo-0", 1000, 1100, 0);
        ticks("demo-1", 1115, 1200, 10_000_000);

        assertThat(meter.moves().frozen().maxMillis()).isCloseTo(10, within(1.0));
    }

    @Test
    void knowsWhatComesLateFromWhereTheRegionWas() {
        ticks("demo-0", 1000, 1100, 0);
        ticks("demo-1", 1100, 1110, 10_000_000);
        ticks("demo-0", 1098, 1100, 60_000_000);
        ticks("demo-1", 1110, 1200, 10_000_000);

        MoveMeter.Moves moves = meter.moves();

        assertThat(moves.frozen().count()).isOne();
        assertThat(moves.frozen().maxMillis()).isCloseTo(10, within(1.0));
    }

    @Test
    void countsAGapBeyondThePeriod() {
        meter.gap(180_000_000, TICK_RATE);

        assertThat(meter.moves().gaps().maxMillis()).isCloseTo(130, within(1.0));
    }
}
