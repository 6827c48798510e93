package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CadenceTest {

    @Property
    void happensThatOftenInAnySecond(
            @ForAll @IntRange(min = 1, max = 90) int tickRate,
            @ForAll @IntRange(min = 1, max = 120) int rate,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long from) {
        Cadence cadence = new Cadence(tickRate, rate);

        long times =
                LongStream.range(from, from + tickRate).filter(cadence::due).count();

        assertThat(times).isEqualTo(Math.min(rate, tickRate));
    }

    @Test
    void isSpreadEvenlyWhereTicksAreNoMultiple() {
        Cadence cadence = new Cadence(25, 10);

        assertThat(LongStream.range(0, 12).filter(cadence::due)).containsExactly(2L, 4L, 7L, 9L);
    }
}
