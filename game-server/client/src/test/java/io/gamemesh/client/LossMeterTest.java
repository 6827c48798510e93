package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.protocol.wire.Wire;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossMeterTest {

    private final LossMeter meter = new LossMeter();
    private final Random random = new Random(1);

    private void snapshots(double loss, int ticks) {
        for (int tick = 0; tick < ticks; tick++) {
            if (random.nextDouble() >= loss) {
                meter.snapshot(1, tick);
            }
        }
    }

    @Test
    void sendsFewCopiesWhereNothingIsLost() {
        snapshots(0, 1000);

        assertThat(meter.loss()).isZero();
        assertThat(meter.copies()).isEqualTo(3);
    }

    @Test
    void sendsMoreCopiesTheMoreIsLost() {
        snapshots(0.2, 2000);

        assertThat(meter.loss()).isCloseTo(0.2, within(0.12));
        assertThat(meter.copies()).isBetween(4, Wire.MAX_INPUTS);
    }

    @Test
    void doesNotTakeAnotherRegionsTicksForALoss() {
        meter.snapshot(1, 1000);

        meter.snapshot(2, 5);
        meter.snapshot(1, 2000);

        assertThat(meter.loss()).isZero();
    }
}
