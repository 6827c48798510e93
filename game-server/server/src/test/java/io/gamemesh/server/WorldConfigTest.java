package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorldConfigTest {

    @ParameterizedTest
    @ValueSource(ints = {-1, 262_145})
    void namesTheSettingOfEditsThatAreTooLarge(int blocks) {
        assertThatThrownBy(() -> WorldConfig.limits(blocks, Duration.ofSeconds(30), 96))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gamemesh.limits.bulk-edit-blocks is " + blocks
                        + ", expected 0 to 262144, where 0 allows nobody to make such edits");
    }

    @Test
    void takesTheLargestEditsThatThereAre() {
        assertThat(WorldConfig.limits(262_144, Duration.ofSeconds(30), 96).bulkEditBlocks())
                .isEqualTo(262_144);
    }
}
