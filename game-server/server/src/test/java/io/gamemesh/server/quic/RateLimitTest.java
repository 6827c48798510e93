package io.gamemesh.server.quic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final RateLimit limit = new RateLimit(10, 0);

    private int taken(long nowNanos) {
        int taken = 0;
        while (limit.tryTake(nowNanos)) {
            taken++;
        }
        return taken;
    }

    @Test
    void givesASecondsWorthAtOnceAndNoMore() {
        assertThat(taken(0)).isEqualTo(10);
    }

    @Test
    void refillsWithTime() {
        assertThat(taken(0)).isEqualTo(10);

        assertThat(taken(TimeUnit.MILLISECONDS.toNanos(500))).isEqualTo(5);
    }

    @Test
    void savesUpNoMoreThanASecondsWorth() {
        assertThat(taken(TimeUnit.HOURS.toNanos(1))).isEqualTo(10);
    }
}
