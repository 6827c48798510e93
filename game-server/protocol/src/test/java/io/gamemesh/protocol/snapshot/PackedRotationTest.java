package io.gamemesh.protocol.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class PackedRotationTest {

    private static final double STEP = 1.0 / PackedRotation.ONE;

    @Property
    void isTheUnitQuaternionOrItsNegative(
            @ForAll @DoubleRange(min = -2, max = 2) double x,
            @ForAll @DoubleRange(min = -2, max = 2) double y,
            @ForAll @DoubleRange(min = -2, max = 2) double z,
            @ForAll @DoubleRange(min = -2, max = 2) double w) {
        double length = Math.sqrt(x * x + y * y + z * z + w * w);
        Assume.that(length > 1e-6);

        long packed = PackedRotation.of(x, y, z, w);

        double[] given = {x / length, y / length, z / length, w / length};
        double alike = 0;
        for (int i = 0; i < 4; i++) {
            alike += given[i] * PackedRotation.get(packed, i);
        }
        double sign = Math.signum(alike);
        for (int i = 0; i < 4; i++) {
            assertThat(PackedRotation.get(packed, i)).isCloseTo(sign * given[i], within(3 * STEP));
        }
    }

    @Test
    void saysThatNothingIsTurned() {
        assertThat(PackedRotation.of(0, 0, 0, -3)).isEqualTo(PackedRotation.NONE);
    }

    @Test
    void refusesAQuaternionWithoutLength() {
        assertThatThrownBy(() -> PackedRotation.of(0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a length above 0");
        assertThatThrownBy(() -> PackedRotation.of(Double.NaN, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
