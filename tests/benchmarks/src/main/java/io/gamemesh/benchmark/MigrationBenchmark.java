package io.gamemesh.benchmark;

import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.Pause;
import io.gamemesh.cluster.Players;
import io.gamemesh.cluster.Samples;
import io.gamemesh.cluster.TestCluster;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A region with a hundred players and five thousand creatures that is moved from server to server. How it is moved is not
 * asked: only what Region says of it, what servers count and what clients see.
 */
final class MigrationBenchmark implements Benchmark {

    private static final int PLAYERS = 100;
    private static final int CREATURES = 5_000;
    private static final int SERVERS = 3;
    private static final int FEWEST_MOVES = 20;
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration RAMP = Duration.ofSeconds(20);
    private static final Duration FILLED = Duration.ofMinutes(4);
    private static final Duration MOVED = Duration.ofMinutes(1);

    /** More than the clients' look at ticks after one move and before the next, see {@code docs/benchmarks.md}. */
    private static final Duration REST = Duration.ofSeconds(5);

    private static final String MESH = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: bench
            spec:
              world:
                generator: flat
                regionSize: 512
                minRegionSize: 512
                bounds:
                  min: [512, 0, 512]
                  max: [1024, 512, 1024]
                creatures:
                  perRegion: %d
              servers:
                replicas: %d
                tickRate: 20
                maxPlayers: %d
                resources:
                  requests: {cpu: 100m, memory: 384Mi}
                  limits: {memory: 1Gi}
            """.formatted(CREATURES, SERVERS, PLAYERS + 20);

    private static final String MIDDLE = "768,768";
    private static final String TRANSFERS = "authority_transfer_duration_ms";

    private final Duration measured;

    MigrationBenchmark() {
        this(Duration.ofMinutes(5));
    }

    private MigrationBenchmark(Duration measured) {
        this.measured = measured;
    }

    @Override
    public Benchmark lasting(Duration wanted) {
        return new MigrationBenchmark(wanted);
    }

    @Override
    public String name() {
        return "migration";
    }

    @Override
    public String description() {
        return "a region with 100 bots and 5,000 creatures moves round 3 servers for 5 min (--minutes): how long it stands still";
    }

    @Override
    public SortedMap<String, Metric> run() {
        return TestCluster.inNamespace("bench-migration", (_, namespace) -> {
            Mesh mesh = Mesh.apply(namespace, MESH);
            mesh.awaitReady(READY);
            mesh.pinRegions(READY);
            return measure(mesh);
        });
    }

    private SortedMap<String, Metric> measure(Mesh mesh) {
        Players.Group group =
                new Players.Group("bot-", PLAYERS, "wander", MIDDLE, RAMP, Duration.ZERO, Players.UNTIL_ASKED);
        try (Players players = Players.join(mesh, group)) {
            players.awaitCounting();
            mesh.awaitThat(
                    "%d creatures and %d players".formatted(CREATURES, PLAYERS),
                    FILLED,
                    any -> entities(any) >= CREATURES + PLAYERS);
            mesh.awaitBackups(READY);
            Map<String, Samples> before = mesh.scrape();
            int moves = moveAbout(mesh);
            Map<String, Samples> after = mesh.scrape();
            int left = entities(mesh);
            return figures(players.leave(), moves, left, before, after);
        }
    }

    private int moveAbout(Mesh mesh) {
        String region = mesh.regions().keySet().iterator().next();
        int server = number(mesh, region);
        int moves = 0;
        long end = System.nanoTime() + measured.toNanos();
        Pause.of(REST);
        while (moves < FEWEST_MOVES || System.nanoTime() - end < 0) {
            server = (server + 1) % SERVERS;
            mesh.pinRegions(Map.of(region, mesh.name() + "-" + server), MOVED);
            mesh.awaitBackups(MOVED);
            moves++;
            Pause.of(REST);
        }
        return moves;
    }

    private static int number(Mesh mesh, String region) {
        String server = mesh.regionsByServer().keySet().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody acts for " + region));
        return Integer.parseInt(server.substring(server.lastIndexOf('-') + 1));
    }

    private static int entities(Mesh mesh) {
        return (int) sum(mesh.scrape(), "entities");
    }

    /** Of the servers that have the metric: which ones a server has of moves depends on how it makes them. */
    private static double sum(Map<String, Samples> servers, String metric) {
        return servers.values().stream()
                .mapToDouble(server -> server.values().getOrDefault(metric, 0.0))
                .sum();
    }

    private static SortedMap<String, Metric> figures(
            Players.Report report, int moves, int entities, Map<String, Samples> before, Map<String, Samples> after) {
        report.failures().forEach(failure -> System.err.println("not as expected: " + failure));
        if (report.metric("moves") == 0) {
            throw new IllegalStateException("the figures mean nothing: no player has seen the region move");
        }
        SortedMap<String, Metric> figures = new TreeMap<>();
        figures.put("moves", new Metric(moves, "times"));
        figures.put("moves_seen", new Metric(report.metric("moves"), "times"));
        figures.put("frozen_p50_ms", millis(report, "move_frozen_p50_ms"));
        figures.put("frozen_p99_ms", millis(report, "move_frozen_p99_ms"));
        figures.put("frozen_max_ms", millis(report, "move_frozen_max_ms"));
        figures.put("gap_p50_ms", millis(report, "move_gap_p50_ms"));
        figures.put("gap_p99_ms", millis(report, "move_gap_p99_ms"));
        figures.put("gap_max_ms", millis(report, "move_gap_max_ms"));
        figures.put("gap_away_p99_ms", millis(report, "gap_away_p99_ms"));
        double transfers = sum(after, TRANSFERS + "_count") - sum(before, TRANSFERS + "_count");
        if (transfers > 0) {
            double spent = sum(after, TRANSFERS + "_sum") - sum(before, TRANSFERS + "_sum");
            figures.put("transfer_mean_ms", new Metric(spent / transfers, "ms"));
        }
        figures.put(
                "tick_p99_ms",
                new Metric(Mesh.between(before, after, "tick_duration_ms").quantile(0.99), "ms"));
        figures.put("entities", new Metric(entities, "entities"));
        figures.put(
                "lost", new Metric(Math.max(report.metric("replaced"), PLAYERS - report.metric("players")), "players"));
        figures.put("disconnects", new Metric(report.metric("disconnects"), "times"));
        figures.put("reconnects", new Metric(report.metric("reconnects"), "times"));
        figures.put("bots_cpu", new Metric(report.metric("bots_cpu"), "cores"));
        return figures;
    }

    private static Metric millis(Players.Report report, String metric) {
        return new Metric(report.metric(metric), "ms");
    }
}
