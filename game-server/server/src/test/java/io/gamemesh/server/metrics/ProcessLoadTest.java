package io.gamemesh.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProcessLoadTest {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final AtomicLong cpuNanos = new AtomicLong(TimeUnit.SECONDS.toNanos(100));

    private ProcessLoad load(OptionalInt cpuMillis) {
        return new ProcessLoad(cpuMillis, cpuNanos::get, 0);
    }

    private void use(ProcessLoad load, long cpuMillis) {
        cpuNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(cpuMillis));
        load.sample(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void isFullWhenItUsesAllOfAFractionOfACore() {
        ProcessLoad load = load(OptionalInt.of(500));

        use(load, 500);

        assertThat(load.cpu()).isCloseTo(1, within(1e-9));
        assertThat(load.cpuMillis()).isEqualTo(500);
    }

    @Test
    void isOfAllProcessorsUnlessToldOtherwise() {
        ProcessLoad load = load(OptionalInt.empty());

        use(load, 500);

        assertThat(load.cpu()).isCloseTo(0.5 / PROCESSORS, within(1e-9));
        assertThat(load.cpuMillis()).isEqualTo(PROCESSORS * 1000);
    }

    @Test
    void cannotUseMoreThanThereIs() {
        ProcessLoad load = load(OptionalInt.of((PROCESSORS + 1) * 1000));

        use(load, PROCESSORS * 1000L);

        assertThat(load.cpu()).isCloseTo(1, within(1e-9));
        assertThat(load.cpuMillis()).isEqualTo(PROCESSORS * 1000);
    }

    @Test
    void refusesNoCpu() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(OptionalInt.of(0)))
                .withMessage("gamemesh.server.cpu-millis is 0, expected at least 1, a thousandth of a core");
    }
}
