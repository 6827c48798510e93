package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
    @TempDir
    private Path directory;

    private ServerConfig.Server server(Map<String, String> more) throws Exception {
        MeshFiles files = MeshFiles.in(directory, TestMesh.TLS_NAME);
        return TestConfig.of(files, 1, "demo-0", more).server();
    }

    @Test
    void takesTheCpuThatThePodIsTold() throws Exception {
        assertThat(server(Map.of("CPU_MILLIS", "1500")).cpuMillis()).hasValue(1500);
    }

    @Test
    void takesTheLimitOfEditsOfManyBlocksFromTheEnvironment() throws Exception {
        MeshFiles files = MeshFiles.in(directory, TestMesh.TLS_NAME);

        ServerConfig silent = TestConfig.of(files, Map.of());
        ServerConfig told = TestConfig.of(files, Map.of("GAMEMESH_LIMITS_BULK_EDIT_BLOCKS", "4096"));

        assertThat(silent.limits().bulkEditBlocks()).isZero();
        assertThat(told.limits().bulkEditBlocks()).isEqualTo(4096);
    }

    @Test
    void hasNoStoreUnlessToldOf() throws Exception {
        MeshFiles files = MeshFiles.in(directory, TestMesh.TLS_NAME);

        ServerConfig.Store silent = TestConfig.of(files, 1, "demo-0", Map.of()).store();
        ServerConfig.Store told = TestConfig.of(
                        files,
                        1,
                        "demo-0",
                        Map.of("gamemesh.store.kind", "postgres", "gamemesh.store.batch-interval", "250ms"))
                .store();

        assertThat(silent.kind()).isEqualTo(ServerConfig.StoreKind.None);
        assertThat(silent.directory()).isEqualTo(Path.of("/etc/gamemesh/store"));
        assertThat(told.kind()).isEqualTo(ServerConfig.StoreKind.Postgres);
        assertThat(StoreConfig.writer(told, 20).batchInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(StoreConfig.writer(told, 20).snapshotTicks()).isEqualTo(6000);
        assertThat(StoreConfig.database(told).connections()).isEqualTo(4);
    }

    @Test
    void refusesAStoreThatCouldNotBeReachedOrWritten() throws Exception {
        MeshFiles files = MeshFiles.in(directory, TestMesh.TLS_NAME);
        ServerConfig.Store wrong = TestConfig.of(
                        files,
                        1,
                        "demo-0",
                        Map.of("gamemesh.store.connections", "0", "gamemesh.store.backlog-bytes", "1000"))
                .store();

        assertThatThrownBy(() -> StoreConfig.database(wrong))
                .hasMessageContaining("connections are 0, expected 1 to 64");
        assertThatThrownBy(() -> StoreConfig.writer(wrong, 20)).hasMessageContaining("backlog bytes are 1000");
    }

    @Test
    void knowsNothingOfCpuOutsideOfAPod() throws Exception {
        assertThat(server(Map.of()).cpuMillis()).isEmpty();
    }
}
