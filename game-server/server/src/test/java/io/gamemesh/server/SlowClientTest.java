package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.CloseCode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No more than 32 KiB wait for one client here, which a machine with much to do may exceed even for one that reads. */
class SlowClientTest {
    @TempDir
    Path directory;

    @Test
    void disconnectsAClientThatDoesNotReadAndNobodyElse() throws Exception {
        Map<String, String> limits =
                Map.of("gamemesh.limits.reliable-backlog-bytes", "32768", "gamemesh.world.generator", "hills");
        try (TestMesh mesh = new TestMesh(directory, 1, limits)) {
            mesh.startAll(0);
            GameClient witness = mesh.join("witness", 0);

            try (RawClient client = RawClient.thatDoesNotRead(
                    mesh.files, mesh.servers.getFirst().playerAddress())) {
                client.control(RawClient.frame(RawClient.hello("mallory")));

                assertThat(client.end().code()).contains(CloseCode.TOO_SLOW);
                assertThat(client.end().reason()).contains("wait to be read");
            }

            assertThat(mesh.refused(0, "too_slow")).isPositive();
            long before = witness.inspect(WorldView::snapshot).join();
            Eventually.within().until(() -> witness.inspect(WorldView::snapshot).join() > before + 5);
        }
    }
}
