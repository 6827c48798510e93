package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The process as it runs in a pod, without a coordinator. */
@QuarkusTest
@QuarkusTestResource(ServerProcessTest.Pod.class)
class ServerProcessTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TestHTTPResource("/")
    URI main = URI.create("");

    @TestHTTPResource(value = "/", management = true)
    URI management = URI.create("");

    /** The files of a pod. */
    public static final class Pod implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                Path directory = Files.createTempDirectory("gamemesh-pod");
                MeshFiles files = MeshFiles.in(directory, "demo.default.gamemesh");
                return new HashMap<>(TestConfig.keys(files, 1, "demo-0", Map.of()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {}
    }

    private static HttpResponse<String> get(URI base, String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString());
    }

    @Test
    void isAliveAndReadyWithoutACoordinator() throws Exception {
        assertThat(get(main, "/health").statusCode()).isEqualTo(200);
        assertThat(get(main, "/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void publishesTheMetricsByTheirNames() throws Exception {
        String metrics = get(management, "/metrics").body();

        assertThat(metrics.lines().map(line -> line.replaceAll("[ {].*", "")))
                .contains(
                        "server_fps_avg",
                        "server_cpu_usage",
                        "server_memory_mb",
                        "active_players",
                        "active_regions",
                        "terrain_chunks_loaded",
                        "physics_step_ms",
                        "bytes_sent_total",
                        "bytes_received_total",
                        "packets_dropped_total",
                        "messages_sent_total",
                        "message_bytes_sent_total",
                        "messages_received_total",
                        "message_bytes_received_total",
                        "player_sent_bytes_per_second",
                        "player_received_bytes_per_second",
                        "avg_inter_server_latency_ms",
                        "authority_transfer_count",
                        "authority_transfer_duration_ms",
                        "authority_transfer_failures",
                        "tick_delivery_ms_bucket",
                        "tick_duration_ms_bucket",
                        "tick_duration_ms");
    }

    @Test
    void saysWhatPlayersAreSent() throws Exception {
        HttpResponse<String> players = get(management, "/players");

        assertThat(players.statusCode()).isEqualTo(200);
        assertThat(players.body()).isEqualTo("{\"players\":[]}");
    }

    @Test
    void keepsWhatPlayersAreSentOffTheirSide() throws Exception {
        assertThat(get(main, "/players").statusCode()).isEqualTo(404);
    }

    @Test
    void keepsMetricsOffThePlayersSide() throws Exception {
        assertThat(get(main, "/metrics").statusCode()).isEqualTo(404);
    }
}
