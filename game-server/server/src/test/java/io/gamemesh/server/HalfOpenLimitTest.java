package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.wire.ToClient;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One address may have two connections here on which nobody has said Hello. */
class HalfOpenLimitTest {
    @TempDir
    Path directory;

    private final List<RawClient> clients = new ArrayList<>();
    private TestMesh mesh;

    @BeforeEach
    void startAServerWithRoomForTwo() throws Exception {
        Map<String, String> limits =
                Map.of("gamemesh.limits.half-open-per-address", "2", "gamemesh.limits.handshake-timeout", "5m");
        mesh = new TestMesh(directory, 1, limits);
        mesh.startAll(0);
    }

    @AfterEach
    void stop() {
        clients.forEach(RawClient::close);
        mesh.close();
    }

    private RawClient connect() {
        InetSocketAddress server = mesh.servers.getFirst().playerAddress();
        RawClient client = new RawClient(mesh.files, server);
        clients.add(client);
        return client;
    }

    @Test
    void hasRoomAgainForEachThatSaysHello() {
        for (int i = 0; i < 4; i++) {
            RawClient client = connect();
            client.control(RawClient.frame(RawClient.hello("player-" + i)));
            Eventually.within().until(() -> client.received().stream().anyMatch(ToClient.Welcome.class::isInstance));
        }

        assertThat(mesh.refused(0, "half-open-per-address")).isZero();
    }
}
