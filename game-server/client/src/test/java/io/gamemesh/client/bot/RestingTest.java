package io.gamemesh.client.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.Movement;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestingTest {

    @ParameterizedTest
    @CsvSource({"0, false", "25, false", "26, true", "29, true", "30, false", "59, true", "60, false"})
    void standsStillAtTheEndOfEachHalfMinute(long second, boolean rests) {
        Resting behaviour = new Resting(_ -> Movement.walk(7, 0), () -> Instant.ofEpochSecond(second));

        assertThat(behaviour.rests()).isEqualTo(rests);
    }
}
