package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.WorldView;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.id.RegionId;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the metrics of a server say of its backups and of its neighbours. */
class MeshMetricsTest {

    @TempDir
    Path directory;

    private TestMesh mesh;

    @BeforeEach
    void startTwoServers() throws Exception {
        mesh = new TestMesh(directory, 2, Map.of());
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    private SimpleMeterRegistry registry() {
        return mesh.registries.getFirst();
    }

    private double gauge(String name) {
        return registry().get(name).gauge().value();
    }

    private double counter(String name) {
        return registry().get(name).counter().count();
    }

    private DistributionSummary histogram(String name) {
        return registry().get(name).summary();
    }

    /** A region whose backup is the second server, which has caught up. */
    private RegionId startWithBackup() {
        RegionId region = TestMesh.regions().getFirst();
        mesh.start(0, region, 1);
        mesh.mapKnown();
        Eventually.within().until(() -> gauge("regions_without_backup") == 1);
        mesh.coordinator.configure(region, 1, 1, 2, 2);
        Eventually.within().until(() -> gauge("regions_without_backup") == 0);
        return region;
    }

    @Test
    void sayHowLongABackupTakesToAcknowledge() {
        startWithBackup();

        Eventually.within()
                .untilAsserted(() ->
                        assertThat(histogram("replication_latency_ms").count()).isGreaterThan(20));

        assertThat(histogram("replication_latency_ms").mean()).isPositive();
        assertThat(counter("replication_divergences")).isZero();
    }

    @Test
    void sayThatARegionStandsStillWhoseBackupIsGoneUntilItIsGivenUp() {
        RegionId region = startWithBackup();
        double before = counter("replication_suspensions");

        mesh.servers.get(1).close();

        Eventually.within().untilAsserted(() -> {
            assertThat(gauge("regions_suspended")).isEqualTo(1);
            assertThat(counter("replication_suspensions")).isEqualTo(before + 1);
            assertThat(gauge("replication_backlog_bytes")).isPositive();
        });

        mesh.coordinator.configure(region, 1, 1, 3, 0);

        Eventually.within().untilAsserted(() -> {
            assertThat(gauge("regions_suspended")).isZero();
            assertThat(gauge("regions_without_backup")).isEqualTo(1);
        });
        assertThat(counter("replication_suspensions")).isEqualTo(before + 1);
    }

    @Test
    void sayHowManyAnswersWaitForABackup() throws Exception {
        try (CuttableProxy network = new CuttableProxy(mesh.servers.get(1).peerPort())) {
            mesh.coordinator.detour(2, network.address());
            RegionId region = startWithBackup();
            GameClient ada = mesh.join("ada", 0);
            assertThat(ada.inspect(WorldView::region).join()).isEqualTo(region);
            int x = (int) Math.floor(ada.inspect(WorldView::x).join()) - 2;
            int y = (int) Math.floor(ada.inspect(WorldView::y).join()) - 1;
            int z = (int) Math.floor(ada.inspect(WorldView::z).join()) - 2;
            network.cut();

            // What is done before the lease has run out is not answered.
            Eventually.within().until(() -> {
                var _ = ada.edit(x, y, z, Blocks.BRICK);
                return gauge("regions_suspended") == 1;
            });

            assertThat(gauge("replication_outputs_waiting")).isPositive();
        }
    }

    @Test
    void sayThatANeighbourIsNotHeardAlthoughTheCoordinatorSaysThatItLives() throws Exception {
        try (CuttableProxy network = new CuttableProxy(mesh.servers.get(1).peerPort())) {
            mesh.coordinator.detour(2, network.address());
            mesh.startEastAndWest();
            // Somebody near the border, of whom the neighbour is told.
            mesh.join("ada", 0);
            Eventually.within()
                    .untilAsserted(() -> assertThat(
                                    histogram("inter_server_latency_ms").count())
                            .isPositive());
            assertThat(gauge("avg_inter_server_latency_ms")).isPositive();
            assertThat(gauge("peers_unreachable")).isZero();

            network.cut();

            Eventually.within()
                    .untilAsserted(() -> assertThat(gauge("peers_unreachable")).isEqualTo(1));

            network.heal();

            Eventually.within()
                    .untilAsserted(() -> assertThat(gauge("peers_unreachable")).isZero());
            Eventually.within()
                    .untilAsserted(() ->
                            assertThat(gauge("avg_inter_server_latency_ms")).isPositive());
        }
    }
}
