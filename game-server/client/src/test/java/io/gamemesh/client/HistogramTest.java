package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HistogramTest {

    private final Histogram histogram = new Histogram();

    @Test
    void knowsThePercentilesOfWhatItRecorded() {
        for (int micros = 1; micros <= 1_000_000; micros += 10) {
            histogram.record(micros);
        }

        assertThat(histogram.percentileMillis(0.5)).isCloseTo(500, within(500 * 0.016));
        assertThat(histogram.percentileMillis(0.99)).isCloseTo(990, within(990 * 0.016));
        assertThat(histogram.maxMillis()).isEqualTo(999.991);
        assertThat(histogram.count()).isEqualTo(100_000);
    }

    @Test
    void isExactBelowAMillisecondsEighth() {
        for (int micros = 0; micros < 128; micros++) {
            histogram.record(micros);
        }

        assertThat(histogram.percentileMillis(0.25)).isEqualTo(0.031);
        assertThat(histogram.percentileMillis(1)).isEqualTo(0.127);
    }

    @Test
    void takesAnyDuration() {
        histogram.record(-5);
        histogram.record(Long.MAX_VALUE);

        assertThat(histogram.percentileMillis(0.5)).isZero();
        assertThat(histogram.maxMillis()).isCloseTo(2_147_483.647, within(0.001));
    }

    @Test
    void saysNothingWhenItHasRecordedNothing() {
        assertThat(histogram.percentileMillis(0.99)).isZero();
        assertThat(histogram.maxMillis()).isZero();
    }

    @Test
    void addsWhatAnotherHasCounted() {
        Histogram other = new Histogram();
        other.record(100);
        histogram.record(50);

        histogram.add(other);

        assertThat(histogram.count()).isEqualTo(2);
        assertThat(histogram.maxMillis()).isEqualTo(0.1);
    }
}
