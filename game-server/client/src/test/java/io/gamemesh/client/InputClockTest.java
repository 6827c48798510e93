package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class InputClockTest {

    private static final long MILLI = 1_000_000;

    @Property
    void countsAsManyInputsAsPeriodsHoweverIrregularlyItIsAsked(
            @ForAll long seed, @ForAll @IntRange(min = 10, max = 90) int rate) {
        Random random = new Random(seed);
        InputClock clock = new InputClock(rate, 0);
        long now = 0;
        long inputs = 0;

        for (int i = 0; i < 500; i++) {
            now += random.nextLong(3_000 * MILLI / rate);
            inputs += clock.due(now);
        }

        assertThat((double) inputs).isBetween(now * (double) rate / 1e9 - 0.51, now * (double) rate / 1e9 + 0.51);
    }

    @Test
    void forgetsWhatALongPauseWouldAskFor() {
        InputClock clock = new InputClock(20, 0);

        int afterAPause = clock.due(5_000 * MILLI);
        int next = clock.due(5_050 * MILLI);

        assertThat(afterAPause).isEqualTo(4);
        assertThat(next).isEqualTo(1);
    }
}
