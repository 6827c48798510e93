package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
    void knowsNothingOfCpuOutsideOfAPod() throws Exception {
        assertThat(server(Map.of()).cpuMillis()).isEmpty();
    }
}
