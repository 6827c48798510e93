package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SealedPathTest {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);

    private final AtomicLong tokens = new AtomicLong(100);
    private final SealedPath path = new SealedPath(tokens::incrementAndGet, 0);
    private long now;

    private List<Long> probesWithinMillis(long millis) {
        List<Long> probes = new ArrayList<>();
        long until = now + TimeUnit.MILLISECONDS.toNanos(millis);
        while (now < until) {
            if (path.tick(now)) {
                probes.add(TimeUnit.NANOSECONDS.toMillis(now));
            }
            now += TICK;
        }
        return probes;
    }

    private void open() {
        path.tick(now);
        path.heard(now);
        path.answered(path.token());
    }

    @Test
    void probesEverMoreRarely() {
        assertThat(probesWithinMillis(20_000))
                .containsExactly(0L, 100L, 300L, 700L, 1500L, 3100L, 6300L, 11_300L, 16_300L);
        assertThat(path.isOpen()).isFalse();
    }

    @Test
    void opensWhenAProbeIsAnswered() {
        open();

        assertThat(path.isOpen()).isTrue();
    }

    @Test
    void takesNoOtherAnswer() {
        path.tick(now);

        path.answered(path.token() + 1);

        assertThat(path.isOpen()).isFalse();
    }

    @Test
    void needsNoProbesWhileItHears() {
        open();

        for (int i = 0; i < 100; i++) {
            now += TICK;
            path.heard(now);
            assertThat(path.tick(now)).isFalse();
        }
    }

    @Test
    void probesInSilenceAndStaysOpenIfAnswered() {
        open();

        assertThat(probesWithinMillis(400)).containsExactly(300L);
        path.heard(now);

        assertThat(probesWithinMillis(400)).hasSize(1);
        assertThat(path.isOpen()).isTrue();
    }

    @Test
    void closesAfterASecondOfSilenceAndBeginsAgainASecondLater() {
        open();
        long token = path.token();

        assertThat(probesWithinMillis(1000)).hasSize(3);
        assertThat(path.isOpen()).isTrue();
        assertThat(probesWithinMillis(2000)).containsExactly(2000L, 2100L, 2300L, 2700L);

        path.answered(token);
        assertThat(path.isOpen()).as("an answer to what was asked before").isFalse();
        path.answered(path.token());
        assertThat(path.isOpen()).isTrue();
    }
}
