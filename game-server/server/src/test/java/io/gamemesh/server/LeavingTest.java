package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A player leaves for good, over a network that loses packets, while another watches. */
class LeavingTest {
    @TempDir
    Path directory;

    private TestMesh mesh;
    private UdpProxy network;
    private GameClient watcher;

    @BeforeEach
    void startAServer() throws Exception {
        mesh = new TestMesh(directory, 1, Map.of());
        mesh.startAll(0);
        network = new UdpProxy(mesh.servers.getFirst().playerAddress());
        watcher = mesh.join("bob", 0);
    }

    @AfterEach
    void stop() {
        watcher.close();
        network.close();
        mesh.close();
    }

    private GameClient join() {
        return mesh.builder(0)
                .servers(new ServerAddress("127.0.0.1", network.port()))
                .name("ada")
                .connect()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private int others() {
        return watcher.inspect(world -> world.entities().size()).join();
    }

    @Test
    void isGoneForTheOthersThoughItsGoodbyeIsLostAtFirst() throws Exception {
        GameClient ada = join();
        Eventually.within().until(() -> others() == 1);

        network.loseAll(true, false);
        ada.close();
        Thread.sleep(100);
        network.loseAll(false, false);

        // Far less than a player is kept who may come back.
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> others() == 0);
        assertThat(ada.ended()).succeedsWithin(Duration.ofSeconds(5)).asString().contains("left");
    }

    @Test
    void endsThoughNobodyAnswersItsGoodbye() {
        GameClient ada = join();

        network.loseAll(true, false);
        ada.close();

        assertThat(ada.ended())
                .succeedsWithin(Duration.ofSeconds(10))
                .asString()
                .contains("left");
    }
}
