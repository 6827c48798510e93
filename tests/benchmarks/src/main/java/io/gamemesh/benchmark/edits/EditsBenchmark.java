package io.gamemesh.benchmark.edits;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import io.gamemesh.benchmark.server.LineProcess;
import io.gamemesh.benchmark.server.ProgramImage;
import io.gamemesh.benchmark.server.RunningServer;
import io.gamemesh.benchmark.server.Setting;
import io.gamemesh.cluster.Histogram;
import io.gamemesh.cluster.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Two hundred players within sight of each other who put or take ten blocks a second each, at 20 ticks a second. */
public final class EditsBenchmark implements Benchmark {

    /** How long and how often; shorter runs find the same with more noise. */
    record Plan(int players, int runs, Duration warmUp, Duration measured) {}

    // Of 2,400 ticks the 99.9th percentile is the third longest.
    private static final Plan PLAN = new Plan(200, 3, Duration.ofSeconds(40), Duration.ofSeconds(120));
    private static final int MEMORY_MEBIBYTES = 4096;
    private static final String PLACES = "300";
    /** From one end of the crowd to the other, and the sections of both ends. */
    private static final String VIEW_METRES = "128";

    private static final String TICKS = "tick_duration_ms";
    private static final String DELIVERIES = "tick_delivery_ms";

    private final Plan plan;
    private final Supplier<ProgramImage> image;

    /** As {@code ./mesh bench} runs it. */
    public EditsBenchmark() {
        this(PLAN, () -> ProgramImage.build("jvm"));
    }

    EditsBenchmark(Plan plan, Supplier<ProgramImage> image) {
        this.plan = plan;
        this.image = image;
    }

    @Override
    public String name() {
        return "edits";
    }

    @Override
    public String description() {
        return "200 players who edit ten blocks a second each: until the others have them, ticks (nine minutes)";
    }

    @Override
    public SortedMap<String, Metric> run() {
        ProgramImage program = image.get();
        SortedMap<String, List<Double>> samples = new TreeMap<>();
        for (int run = 0; run < plan.runs(); run++) {
            play(program)
                    .forEach((metric, figure) -> samples.computeIfAbsent(metric, any -> new ArrayList<>())
                            .add(figure));
        }
        SortedMap<String, Metric> metrics = new TreeMap<>();
        samples.forEach((metric, found) -> metrics.put(metric, Metric.of(unit(metric), found)));
        return metrics;
    }

    private static String unit(String metric) {
        return metric.endsWith("_ms")
                ? "ms"
                : metric.endsWith("_percent")
                        ? "%"
                        : metric.endsWith("_us") ? "us" : metric.endsWith("_s") ? "/s" : "x";
    }

    private Map<String, Double> play(ProgramImage program) {
        Map<String, String> world = Map.of(
                "gamemesh.world.generator", "flat",
                "gamemesh.world.overlap", VIEW_METRES,
                "gamemesh.world.view-radius", VIEW_METRES,
                "gamemesh.server.max-players", PLACES,
                "gamemesh.limits.connections", PLACES);
        try (RunningServer server = new RunningServer(program, Setting.oneRegion(MEMORY_MEBIBYTES, world));
                // As players' machines are not the server's, it does not wait for them.
                LineProcess players = LineProcess.yielding(
                        LineProcess.PLAYERS_OPTIONS,
                        System.getProperty("java.class.path"),
                        List.of(
                                Editors.class.getName(),
                                server.players(),
                                server.authority().toString()))) {
            players.ask("play " + plan.players());
            LockSupport.parkNanos(plan.warmUp().toNanos());
            Samples before = server.metrics();
            double cpu = server.cpuSeconds();
            players.ask("count");
            LockSupport.parkNanos(plan.measured().toNanos());
            EditFigures edits = EditFigures.parse(players.ask("figures"));
            cpu = server.cpuSeconds() - cpu;
            Samples after = server.metrics();
            return figures(edits, before, after, cpu);
        }
    }

    private Map<String, Double> figures(EditFigures edits, Samples before, Samples after, double cpu) {
        long made = edits.edits() - edits.refused();
        if (made == 0) {
            throw new IllegalStateException("all of %d edits were refused".formatted(edits.edits()));
        }
        Histogram ticks = after.histogram(TICKS).since(before.histogram(TICKS));
        double sum = after.value(TICKS + "_sum") - before.value(TICKS + "_sum");
        double mean = sum / ticks.count();
        double delivery =
                after.histogram(DELIVERIES).since(before.histogram(DELIVERIES)).quantile(0.99);
        double expected = (double) made * (plan.players() - 1);
        System.err.printf(
                Locale.ROOT,
                "%d edits, %d refused, %.2f %% of the others applied by the others; p50 %.1f ms, p99 %.1f ms; ping %.1f and %.1f ms; calls"
                        + " late by %.1f ms; %.0f ticks, mean %.2f ms, p99.9 %.2f ms; all sent %.1f ms later (p99)%n",
                edits.edits(),
                edits.refused(),
                edits.applied() * 100 / expected,
                edits.p50(),
                edits.p99(),
                edits.pingP50(),
                edits.pingP99(),
                edits.late(),
                ticks.count(),
                mean,
                ticks.quantile(0.999),
                delivery);
        return Map.ofEntries(
                Map.entry("edits_per_s", (double) made / plan.measured().toSeconds()),
                Map.entry("refused_percent", edits.refused() * 100.0 / edits.edits()),
                Map.entry("apply_p50_ms", edits.p50()),
                Map.entry("apply_p99_ms", edits.p99()),
                Map.entry("applied_percent", edits.applied() * 100 / expected),
                Map.entry("ping_p50_ms", edits.pingP50()),
                Map.entry("ping_p99_ms", edits.pingP99()),
                Map.entry("delivery_p99_ms", delivery),
                Map.entry("tick_mean_ms", mean),
                Map.entry("tick_p999_ms", ticks.quantile(0.999)),
                Map.entry("tick_p999_over_mean", ticks.quantile(0.999) / mean),
                Map.entry("cpu_per_player_tick_us", cpu * 1e6 / plan.players() / ticks.count()));
    }
}
