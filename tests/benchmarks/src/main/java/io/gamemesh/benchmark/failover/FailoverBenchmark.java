package io.gamemesh.benchmark.failover;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.Pause;
import io.gamemesh.cluster.Players;
import io.gamemesh.cluster.SuspendedOperator;
import io.gamemesh.cluster.TestCluster;
import io.gamemesh.cluster.fault.Failover;
import io.gamemesh.cluster.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Thirty players who build where eight regions of three servers meet, while the server that most of them are at is killed, hangs
 * or is cut off, again and again; and while there is no operator for a minute.
 */
public final class FailoverBenchmark implements Benchmark {

    private static final int PLAYERS = 30;
    private static final int RUNS = 20;
    private static final int TICK_RATE = 20;
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    /** Servers on Java are slow before what they do is compiled. */
    private static final Duration COMPILED = Duration.ofSeconds(60);

    private static final Duration CALM = Duration.ofSeconds(60);
    private static final Duration WITHOUT_OPERATOR = Duration.ofSeconds(60);
    private static final double MILLIS_PER_NANO = 1e-6;

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
                tickRate: %d
                resources:
                  requests: {cpu: 100m, memory: 384Mi}
                  limits: {memory: 768Mi}
            """.formatted(TICK_RATE);

    private final int runs;

    /** With twenty faults of each kind. */
    public FailoverBenchmark() {
        this(RUNS);
    }

    private FailoverBenchmark(int runs) {
        this.runs = runs;
    }

    @Override
    public Benchmark repeated(int times) {
        return new FailoverBenchmark(times);
    }

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String description() {
        return "30 bots build on 3 servers, of which one is killed, hangs or is cut off, 20 times each (--runs)";
    }

    @Override
    public SortedMap<String, Metric> run() {
        return TestCluster.inNamespace("bench-failover", (cluster, namespace) -> {
            Mesh mesh = Mesh.apply(namespace, MESH);
            mesh.awaitReady(READY);
            SortedMap<String, Metric> figures = new TreeMap<>();
            figures.putAll(withoutOperator(cluster, mesh));
            figures.putAll(faults(mesh));
            return figures;
        });
    }

    private static SortedMap<String, Metric> withoutOperator(TestCluster cluster, Mesh mesh) {
        try (Players players = Players.join(mesh, PLAYERS, "build", Duration.ZERO, COMPILED)) {
            var _ = players.report();
        }
        Players.Report calm;
        try (Players players = Players.join(mesh, PLAYERS, "build", WARM_UP, CALM)) {
            calm = players.report();
        }
        Players.Report outage;
        try (Players players = Players.join(mesh, PLAYERS, "build", WARM_UP, Players.UNTIL_ASKED)) {
            players.awaitCounting();
            try (SuspendedOperator _ = cluster.killOperators()) {
                Pause.of(WITHOUT_OPERATOR);
            }
            outage = players.leave();
        }
        SortedMap<String, Metric> figures = new TreeMap<>();
        figures.put("calm_gap_p99_ms", new Metric(calm.metric("gap_p99_ms"), "ms"));
        figures.put("calm_gap_max_ms", new Metric(calm.metric("gap_max_ms"), "ms"));
        figures.put("outage_s", new Metric(outage.metric("duration_s"), "s"));
        figures.put("outage_gap_p99_ms", new Metric(outage.metric("gap_p99_ms"), "ms"));
        figures.put("outage_gap_max_ms", new Metric(outage.metric("gap_max_ms"), "ms"));
        figures.put("outage_disconnects", new Metric(outage.metric("disconnects"), "times"));
        figures.put("outage_reconnects", new Metric(outage.metric("reconnects"), "times"));
        figures.put("outage_edits_unseen", new Metric(outage.metric("edits_unseen"), "edits"));
        return figures;
    }

    private SortedMap<String, Metric> faults(Mesh mesh) {
        try (Players players = Players.join(mesh, PLAYERS, "build", WARM_UP, Players.UNTIL_ASKED)) {
            players.awaitCounting();
            Failover failover = new Failover(mesh, players, PLAYERS);
            List<Failover.Outcome> outcomes = new ArrayList<>();
            for (int run = 1; run <= runs; run++) {
                for (Fault fault : Fault.values()) {
                    Failover.Outcome outcome = failover.run(fault);
                    say(run, outcome);
                    outcomes.add(outcome);
                }
            }
            Players.Report report = players.leave();
            return figures(outcomes, report);
        }
    }

    private static void say(int run, Failover.Outcome outcome) {
        System.err.printf(
                "run %d %s %-4s of %s: %d players, last back after %d ms; others' longest pause %d ms; %d of %d blocks lost%n",
                run,
                outcome.begun(),
                outcome.fault(),
                outcome.victim(),
                outcome.back().size(),
                outcome.lastBack().toMillis(),
                outcome.longestPauseElsewhere().toMillis(),
                outcome.lost().size(),
                outcome.places());
        outcome.lost().forEach(lost -> System.err.println("lost: " + lost));
    }

    private SortedMap<String, Metric> figures(List<Failover.Outcome> outcomes, Players.Report report) {
        SortedMap<String, Metric> figures = new TreeMap<>();
        add(figures, "kill", outcomes, fault -> fault == Fault.KILL);
        add(figures, "hang", outcomes, fault -> fault == Fault.HANG);
        add(figures, "cut", outcomes, Fault::isOfTheNetwork);
        add(figures, "cut_both_ways", outcomes, fault -> fault == Fault.CUT);
        add(figures, "cut_deaf", outcomes, fault -> fault == Fault.DEAF);
        add(figures, "cut_mute", outcomes, fault -> fault == Fault.MUTE);
        figures.put("runs", new Metric(runs, "times"));
        figures.put(
                "lost_operations",
                new Metric(
                        outcomes.stream()
                                .mapToInt(outcome -> outcome.lost().size())
                                .sum(),
                        "edits"));
        figures.put("accepted_operations", new Metric(outcomes.getLast().edits(), "edits"));
        figures.put(
                "pause_elsewhere_max_ms",
                new Metric(
                        outcomes.stream()
                                .mapToDouble(outcome -> millis(outcome.longestPauseElsewhere()))
                                .max()
                                .orElse(0),
                        "ms"));
        figures.put("thrown_out", new Metric(report.metric("disconnects"), "times"));
        return figures;
    }

    /** Median and greatest over all players and runs, and over runs when the last player was back. */
    private static void add(
            SortedMap<String, Metric> figures, String name, List<Failover.Outcome> outcomes, Predicate<Fault> faults) {
        List<Failover.Outcome> those = outcomes.stream()
                .filter(outcome -> faults.test(outcome.fault()))
                .toList();
        double[] players = those.stream()
                .flatMap(outcome -> outcome.back().values().stream())
                .mapToDouble(FailoverBenchmark::millis)
                .toArray();
        Metric ofPlayers = Metric.of("ms", players);
        figures.put(name + "_p50_ms", new Metric(ofPlayers.value(), "ms"));
        figures.put(name + "_max_ms", new Metric(ofPlayers.max(), "ms"));
        figures.put(
                name + "_last_ms",
                Metric.of(
                        "ms",
                        those.stream()
                                .mapToDouble(outcome -> millis(outcome.lastBack()))
                                .toArray()));
        figures.put(name + "_players", new Metric(players.length, "players"));
    }

    private static double millis(Duration time) {
        return time.toNanos() * MILLIS_PER_NANO;
    }
}
