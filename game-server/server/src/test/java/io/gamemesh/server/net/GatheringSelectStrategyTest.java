package io.gamemesh.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatheringSelectStrategyTest {
    private static final long GATHERING = Duration.ofMillis(1).toNanos();

    private final List<Long> parked = new ArrayList<>();
    private long now = 7;
    private final GatheringSelectStrategy strategy =
            new GatheringSelectStrategy(Duration.ofMillis(1), () -> now, nanos -> {
                parked.add(nanos);
                now += nanos;
            });

    @Test
    void whoComesAloneDoesNotWait() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(look()).isEqualTo(SelectStrategy.SELECT);
            now += GATHERING;
        }
        assertThat(parked).isEmpty();
    }

    @Test
    void whoComesSoonAfterAnotherWaitsForMore() throws Exception {
        look();
        now += GATHERING / 4;
        assertThat(look()).isEqualTo(SelectStrategy.SELECT);
        now += GATHERING / 10;
        look();
        assertThat(parked).containsExactly(GATHERING - GATHERING / 4, GATHERING - GATHERING / 10);
    }

    @Test
    void tasksDoNotWait() throws Exception {
        look();
        assertThat(strategy.calculateStrategy(() -> 3, true)).isEqualTo(3);
        assertThat(parked).isEmpty();
    }

    @Test
    void aParkThatEndsEarlyIsNotRepeated() throws Exception {
        GatheringSelectStrategy woken = new GatheringSelectStrategy(Duration.ofMillis(1), () -> now, parked::add);
        assertThat(woken.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.SELECT);
        assertThat(woken.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.SELECT);
        assertThat(parked).containsExactly(GATHERING);
    }

    private int look() throws Exception {
        return strategy.calculateStrategy(() -> 0, false);
    }
}
