package io.gamemesh.benchmark;

import io.gamemesh.cluster.Histogram;
import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.Players;
import io.gamemesh.cluster.Samples;
import io.gamemesh.cluster.TestCluster;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sixty players who wander about a point where eight regions meet, on three servers, at 20 ticks a second. */
final class WanderBenchmark implements Benchmark {

    private static final int PLAYERS = 60;
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration MEASURED = Duration.ofSeconds(60);
    private static final String MESH = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: bench
            spec:
              world:
                seed: 42
                bounds:
                  min: [-2048, -2048, -2048]
                  max: [2048, 2048, 2048]
              servers:
                replicas: 3
                tickRate: 20
                resources:
                  requests: {cpu: 100m, memory: 384Mi}
                  limits: {memory: 768Mi}
            """;

    @Override
    public String name() {
        return "wander";
    }

    @Override
    public String description() {
        return "60 bots on 3 servers and 8 regions for 60 s: ticks, gaps, bytes";
    }

    @Override
    public SortedMap<String, Metric> run() {
        return TestCluster.inNamespace("bench-wander", (_, namespace) -> {
            Mesh mesh = Mesh.apply(namespace, MESH);
            mesh.awaitReady(READY);
            return measure(mesh);
        });
    }

    private static SortedMap<String, Metric> measure(Mesh mesh) {
        try (Players players = Players.join(mesh, PLAYERS, "wander", WARM_UP, MEASURED)) {
            players.awaitCounting();
            Map<String, Samples> before = mesh.scrape();
            players.awaitLastSeconds();
            Map<String, Samples> after = mesh.scrape();
            Players.Report report = players.report();
            if (!report.failures().isEmpty()) {
                throw new IllegalStateException("the figures mean nothing, as not all was well: " + report.failures());
            }
            Histogram ticks = Mesh.between(before, after, "tick_duration_ms");
            return new TreeMap<>(Map.of(
                    "tick_p99_ms", new Metric(ticks.quantile(0.99), "ms"),
                    "tick_p999_ms", new Metric(ticks.quantile(0.999), "ms"),
                    "gap_p99_ms", new Metric(report.metric("gap_p99_ms"), "ms"),
                    "bytes_per_player_s", new Metric(report.metric("bytes_per_player_s"), "B/s")));
        }
    }
}
