package io.gamemesh.benchmark;

import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.Pause;
import io.gamemesh.cluster.Players;
import io.gamemesh.cluster.Samples;
import io.gamemesh.cluster.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sixty players who run over borders and edges all the time: over those at x = 0 from server to server, over those at z = 0
 * between regions of one server.
 */
final class CrossingBenchmark implements Benchmark {

    private static final int PLAYERS = 60;
    private static final int TICK_RATE = 20;
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final int MILLIMETRES_PER_CENTIMETRE = 10;

    // The players rest in the last four seconds of each half minute; half of that is for the last crossings to end.
    private static final int REST_PERIOD_SECONDS = 30;
    private static final int COUNTED_AT_SECOND = 28;

    private static final String MESH = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: bench
            spec:
              world:
                seed: 42
                regionSize: 512
                minRegionSize: 512
                bounds:
                  min: [-512, -512, -512]
                  max: [512, 512, 512]
              servers:
                replicas: 2
                tickRate: %d
                resources:
                  requests: {cpu: 100m, memory: 384Mi}
                  limits: {memory: 768Mi}
            """.formatted(TICK_RATE);

    private final Duration measured;

    CrossingBenchmark() {
        this(Duration.ofMinutes(5));
    }

    private CrossingBenchmark(Duration measured) {
        this.measured = measured;
    }

    @Override
    public Benchmark lasting(Duration wanted) {
        return new CrossingBenchmark(wanted);
    }

    @Override
    public String name() {
        return "crossing";
    }

    @Override
    public String description() {
        return "60 bots cross borders between and within 2 servers for 5 min (--minutes): gaps, errors, who is lost or doubled";
    }

    @Override
    public SortedMap<String, Metric> run() {
        return TestCluster.inNamespace("bench-crossing", (_, namespace) -> {
            Mesh mesh = Mesh.apply(namespace, MESH);
            mesh.awaitReady(READY);
            mesh.pinRegions(
                    mesh.regions().keySet().stream()
                            .collect(Collectors.toMap(
                                    Function.identity(), region -> region.contains("-xn1-") ? "bench-1" : "bench-0")),
                    READY);
            return measure(mesh);
        });
    }

    private SortedMap<String, Metric> measure(Mesh mesh) {
        try (Players players = Players.join(mesh, PLAYERS, "cross", WARM_UP, measured)) {
            players.awaitCounting();
            Census census = new Census();
            // They leave a little earlier than this, since they have counted before it was seen that they do.
            long end = System.nanoTime()
                    + measured.minusSeconds(REST_PERIOD_SECONDS - COUNTED_AT_SECOND)
                            .toNanos();
            while (System.nanoTime() - end < 0) {
                awaitSecond(COUNTED_AT_SECOND, end);
                if (System.nanoTime() - end < 0) {
                    census.count(mesh);
                    awaitSecond(0, end);
                }
            }
            return figures(players.report(), census);
        }
    }

    /** How many players there were in all regions together while none was on its way. */
    private static final class Census {

        private int looks;
        private int mostLost;
        private int mostDoubled;

        void count(Mesh mesh) {
            int there = 0;
            for (Samples server : mesh.scrape().values()) {
                there += (int) server.value("entities");
            }
            looks++;
            mostLost = Math.max(mostLost, PLAYERS - there);
            mostDoubled = Math.max(mostDoubled, there - PLAYERS);
        }
    }

    private static SortedMap<String, Metric> figures(Players.Report report, Census census) {
        report.failures().forEach(failure -> System.err.println("not as expected: " + failure));
        if (census.looks == 0 || report.metric("crossings_between_servers") == 0) {
            throw new IllegalStateException(
                    "the figures mean nothing: the players were counted %d times and crossed %.0f"
                                    .formatted(census.looks, report.metric("crossings_between_servers"))
                            + " times between servers");
        }
        SortedMap<String, Metric> figures = new TreeMap<>();
        figures.put("crossings", times(report, "crossings"));
        figures.put("crossings_between_servers", times(report, "crossings_between_servers"));
        figures.put("gap_p50_ticks", ticks(report, "crossing_gap_p50_ms"));
        figures.put("gap_p99_ticks", ticks(report, "crossing_gap_p99_ms"));
        figures.put("gap_max_ticks", ticks(report, "crossing_gap_max_ms"));
        figures.put("gap_away_p50_ticks", ticks(report, "gap_away_p50_ms"));
        figures.put("gap_away_p99_ticks", ticks(report, "gap_away_p99_ms"));
        figures.put("handovers_foretold", times(report, "crossings_foretold"));
        figures.put("handover_error_p50_cm", centimetres(report, "crossing_error_p50_mm"));
        figures.put("handover_error_p99_cm", centimetres(report, "crossing_error_p99_mm"));
        figures.put("handover_error_max_cm", centimetres(report, "crossing_error_max_mm"));
        figures.put(
                "lost",
                new Metric(
                        Math.max(
                                Math.max(census.mostLost, report.metric("replaced")),
                                PLAYERS - report.metric("players")),
                        "players"));
        figures.put("duplicated", new Metric(Math.max(census.mostDoubled, report.metric("doubled")), "players"));
        figures.put("counted", new Metric(census.looks, "times"));
        figures.put("disconnects", times(report, "disconnects"));
        figures.put("reconnects", times(report, "reconnects"));
        figures.put("missing", times(report, "missing"));
        figures.put("bots_cpu", new Metric(report.metric("bots_cpu"), "cores"));
        return figures;
    }

    private static Metric times(Players.Report report, String metric) {
        return new Metric(report.metric(metric), "times");
    }

    private static Metric ticks(Players.Report report, String metric) {
        return new Metric(report.metric(metric) * TICK_RATE / 1000, "ticks");
    }

    private static Metric centimetres(Players.Report report, String metric) {
        return new Metric(report.metric(metric) / MILLIMETRES_PER_CENTIMETRE, "cm");
    }

    /** Waits for that second of a half minute by the clock, though not beyond the end. */
    private static void awaitSecond(int second, long end) {
        while (Math.floorMod(Instant.now().getEpochSecond(), REST_PERIOD_SECONDS) != second
                && System.nanoTime() - end < 0) {
            Pause.of(Duration.ofMillis(100));
        }
    }
}
