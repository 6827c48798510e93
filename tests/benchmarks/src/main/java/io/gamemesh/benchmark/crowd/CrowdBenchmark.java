package io.gamemesh.benchmark.crowd;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** {@link CrowdScene} with ever more players, three processes each, and with 50 at 90 ticks a second. */
public final class CrowdBenchmark implements Benchmark {

    private static final List<Integer> PLAYERS = List.of(500, 1000, 2000, 3000);
    private static final int RUNS = 3;
    private static final int TICK_RATE = 20;
    private static final int WARM_UP_TICKS = 1200;
    private static final int TICKS = 1200;
    private static final int VR_PLAYERS = 50;
    private static final int VR_TICK_RATE = 90;
    private static final int VR_TICKS = 8000;
    private static final double HALF_A_TICK_MILLIS = 25;

    @Override
    public String name() {
        return "crowd";
    }

    @Override
    public String description() {
        return "500 to 3,000 players in one region, a fifth of them in a crowd; 50 at 90 Hz";
    }

    @Override
    public SortedMap<String, Metric> run() {
        SortedMap<String, Metric> metrics = new TreeMap<>();
        List<Double> carried = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            carried.add(0.0);
        }
        for (int players : PLAYERS) {
            List<CrowdFigures> runs = runs(List.of(), players, TICK_RATE, WARM_UP_TICKS, TICKS);
            metrics.put("cpu_us_" + players, metric("us", runs, CrowdFigures::cpuMicros));
            metrics.put("tick_p50_ms_" + players, metric("ms", runs, CrowdFigures::tickP50));
            metrics.put("tick_p99_ms_" + players, metric("ms", runs, CrowdFigures::tickP99));
            metrics.put("tick_p999_ms_" + players, metric("ms", runs, CrowdFigures::tickP999));
            metrics.put("tick_cpu_p99_ms_" + players, metric("ms", runs, CrowdFigures::tickCpuP99));
            metrics.put("bytes_per_player_s_" + players, metric("B/s", runs, CrowdFigures::bytesPerSecond));
            metrics.put("alloc_per_tick_b_" + players, metric("B", runs, CrowdFigures::allocated));
            metrics.put("error_p99_mm_" + players, metric("mm", runs, figures -> figures.errorP99() * 1000));
            for (int run = 0; run < RUNS; run++) {
                if (runs.get(run).tickP99() < HALF_A_TICK_MILLIS) {
                    carried.set(run, (double) players);
                }
            }
        }
        metrics.put("players_per_core_20hz", Metric.of("players", carried));
        for (String metric : List.of("tick_p99_ms", "bytes_per_player_s", "alloc_per_tick_b")) {
            Metric ofTheFirst = metrics.get(metric + "_" + PLAYERS.getFirst());
            if (ofTheFirst != null) {
                metrics.put(metric, ofTheFirst);
            }
        }
        List<CrowdFigures> vr = runs(List.of("vr"), VR_PLAYERS, VR_TICK_RATE, VR_TICKS, VR_TICKS);
        metrics.put("vr_tick_p99_ms", metric("ms", vr, CrowdFigures::tickP99));
        metrics.put("vr_tick_cpu_p99_ms", metric("ms", vr, CrowdFigures::tickCpuP99));
        metrics.put("vr_bytes_per_player_s", metric("B/s", vr, CrowdFigures::bytesPerSecond));
        return metrics;
    }

    private static Metric metric(String unit, List<CrowdFigures> runs, ToDoubleFunction<CrowdFigures> figure) {
        return Metric.of(unit, runs.stream().mapToDouble(figure).toArray());
    }

    private static List<CrowdFigures> runs(List<String> options, int players, int tickRate, int warmUp, int ticks) {
        List<CrowdFigures> runs = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            CrowdFigures figures = one(options, players, tickRate, warmUp, ticks);
            System.err.printf("%d players at %d Hz: %s%n", players, tickRate, figures);
            runs.add(figures);
        }
        return runs;
    }

    private static CrowdFigures one(List<String> options, int players, int tickRate, int warmUp, int ticks) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-XX:+UseCompactObjectHeaders",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                CrowdScene.class.getName(),
                String.valueOf(players),
                String.valueOf(tickRate),
                String.valueOf(warmUp),
                String.valueOf(ticks)));
        command.addAll(options);
        ProcessBuilder scene = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        try {
            Process process = scene.start();
            String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the scene of %d players failed, it said: %s".formatted(players, line));
            }
            return CrowdFigures.parse(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while %d players walked".formatted(players), e);
        }
    }
}
