package io.gamemesh.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {

    private final AtomicLong clock = new AtomicLong();
    private final RefusalLog log = new RefusalLog(clock::get);

    @Test
    void logsOnceASecondAndSaysHowManyItDidNot() {
        assertThat(log.turn()).hasValue(0);
        assertThat(log.turn()).isEmpty();
        clock.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
        assertThat(log.turn()).isEmpty();

        clock.incrementAndGet();

        assertThat(log.turn()).hasValue(2);
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(log.turn()).hasValue(0);
    }
}
