package io.gamemesh.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TickWindowTest {
    private final TickWindow window = new TickWindow(100);

    @Test
    void isZeroBeforeTheFirstTick() {
        assertThat(window.quantile(0.99)).isZero();
    }

    @Test
    void namesWhatAFractionDidNotExceed() {
        for (int i = 1; i <= 100; i++) {
            window.add(i);
        }

        assertThat(window.quantile(0.99)).isEqualTo(99);
        assertThat(window.quantile(0.5)).isEqualTo(50);
        assertThat(window.quantile(1)).isEqualTo(100);
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        window.add(1_000_000);
        for (int i = 0; i < 100; i++) {
            window.add(1);
        }

        assertThat(window.quantile(1)).isEqualTo(1);
    }
}
