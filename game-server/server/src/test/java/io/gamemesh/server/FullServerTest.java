package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.WorldView;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The address that a world publishes is that of one of its servers, and newcomers come to it whoever has room. */
class FullServerTest {
    private static final int ROOM = 3;

    @TempDir
    Path directory;

    private TestMesh mesh;

    @BeforeEach
    void divideTheWorld() throws Exception {
        mesh = new TestMesh(directory, 2, Map.of("gamemesh.server.max-players", String.valueOf(ROOM)));
        mesh.startEastAndWest();
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    @Test
    void leadsNewcomersToWhereThereIsRoom() {
        for (int i = 0; playersOn(0) < ROOM; i++) {
            GameClient client = mesh.join("player-" + i, 0);
            if (server(client).equals("demo-1")) {
                client.close();
            }
        }
        Eventually.within().until(() -> playersOn(1) == 0);

        // Some of them would begin on the server that is full.
        for (int i = 0; i < ROOM; i++) {
            assertThat(server(mesh.join("newcomer-" + i, 0))).isEqualTo("demo-1");
        }
        assertThat(playersOn(0)).isEqualTo(ROOM);
    }

    private int playersOn(int server) {
        return mesh.servers.get(server).status().players();
    }

    private static String server(GameClient client) {
        return client.inspect(WorldView::server).join();
    }
}
