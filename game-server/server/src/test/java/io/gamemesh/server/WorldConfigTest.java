package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.wire.ItemCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void namesTheSettingOfItemsThatNobodyCanCarry(@TempDir Path directory) throws Exception {
        MeshFiles files = MeshFiles.in(directory, TestMesh.TLS_NAME);
        ServerConfig told = TestConfig.of(files, Map.of("gamemesh.world.starting-items", "1:10,2:5"));
        ServerConfig tooMany = TestConfig.of(files, Map.of("gamemesh.world.starting-items", "1:4000"));

        assertThat(WorldConfig.items(told.world()).starting()).isEqualTo(ItemCounts.parse("1:10,2:5"));
        assertThatThrownBy(() -> WorldConfig.items(tooMany.world()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("gamemesh.world.starting-items: item 1, 4000 times");
    }

    @Test
    void takesTheLargestEditsThatThereAre() {
        assertThat(WorldConfig.limits(262_144, Duration.ofSeconds(30), 96).bulkEditBlocks())
                .isEqualTo(262_144);
    }
}
