package io.gamemesh.benchmark.asteroids;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * {@link Asteroids} from three seeds, watched by three clients each: over a network that loses nothing, over one that loses
 * one datagram in a hundred each way, and one that is to be told twice as exactly.
 */
public final class AsteroidsBenchmark implements Benchmark {

    // The first is the original's.
    private static final List<Long> SEEDS = List.of(2323L, 1L, 2L);

    private static final int WARM_UP_SECONDS = 30;
    private static final int MOVING_SECONDS = 120;
    private static final int SETTLED_SECONDS = 600;
    private static final int RING_SECONDS = 120;

    private static final double PRECISION_METRES = 0.01;
    private static final double LOSS = 0.01;

    /** What a run found: of each client moving and in the ring. */
    private record Run(
            WatchFigures moving,
            WatchFigures ring,
            WatchFigures lossyMoving,
            WatchFigures lossyRing,
            WatchFigures halfMoving,
            WatchFigures halfRing,
            double order) {}

    @Override
    public String name() {
        return "asteroids";
    }

    @Override
    public String description() {
        return "250 bodies that spin and collide, 30 times a second within 0.01 m and 0.001: bytes a client";
    }

    @Override
    public SortedMap<String, Metric> run() {
        List<Run> runs = new ArrayList<>();
        for (long seed : SEEDS) {
            runs.add(run(seed));
        }
        SortedMap<String, Metric> metrics = new TreeMap<>();
        put(metrics, "", runs, Run::moving, Run::ring);
        put(metrics, "loss_", runs, Run::lossyMoving, Run::lossyRing);
        put(metrics, "half_precision_", runs, Run::halfMoving, Run::halfRing);
        metrics.put("bytes_per_transform", metric("B", runs, run -> run.moving.bytesPerState()));
        metrics.put("ring_bytes_per_transform", metric("B", runs, run -> run.ring.bytesPerState()));
        metrics.put(
                "worst_position_mm",
                metric("mm", runs, run -> 1000 * Math.max(run.moving.worstPosition(), run.ring.worstPosition())));
        metrics.put(
                "worst_rotation",
                metric("", runs, run -> Math.max(run.moving.worstRotation(), run.ring.worstRotation())));
        metrics.put("loss_beyond_ppm", metric("ppm", runs, run -> run.lossyMoving.beyondPerMillion()));
        metrics.put("loss_ring_beyond_ppm", metric("ppm", runs, run -> run.lossyRing.beyondPerMillion()));
        metrics.put("ring_order", metric("of 1", runs, Run::order));
        return metrics;
    }

    private static void put(
            SortedMap<String, Metric> metrics,
            String prefix,
            List<Run> runs,
            Function<Run, WatchFigures> moving,
            Function<Run, WatchFigures> ring) {
        metrics.put(
                prefix + "goodput_kb_s",
                metric("kB/s", runs, run -> moving.apply(run).goodput()));
        metrics.put(
                prefix + "ring_goodput_kb_s",
                metric("kB/s", runs, run -> ring.apply(run).goodput()));
        metrics.put(
                prefix + "bandwidth_kb_s",
                metric("kB/s", runs, run -> moving.apply(run).bandwidth()));
        metrics.put(
                prefix + "ring_bandwidth_kb_s",
                metric("kB/s", runs, run -> ring.apply(run).bandwidth()));
    }

    private static Metric metric(String unit, List<Run> runs, ToDoubleFunction<Run> figure) {
        return Metric.of(unit, runs.stream().mapToDouble(figure).toArray());
    }

    private static Run run(long seed) {
        Asteroids asteroids = new Asteroids(seed);
        Watch all = new Watch(asteroids, PRECISION_METRES, 0, seed);
        Watch lossy = new Watch(asteroids, PRECISION_METRES, LOSS, seed);
        Watch half = new Watch(asteroids, PRECISION_METRES / 2, 0, seed);
        List<Watch> watches = List.of(all, lossy, half);
        measure(asteroids, watches, WARM_UP_SECONDS);
        List<WatchFigures> moving = measure(asteroids, watches, MOVING_SECONDS);
        measure(asteroids, watches, SETTLED_SECONDS - WARM_UP_SECONDS - MOVING_SECONDS);
        double order = asteroids.order();
        List<WatchFigures> ring = measure(asteroids, watches, RING_SECONDS);
        for (List<WatchFigures> phase : List.of(moving, ring)) {
            phase.get(0).requirePrecision();
            phase.get(2).requirePrecision();
        }
        System.err.printf("seed %d: moving %s, in the ring %s%n", seed, moving.getFirst(), ring.getFirst());
        return new Run(moving.get(0), ring.get(0), moving.get(1), ring.get(1), moving.get(2), ring.get(2), order);
    }

    private static List<WatchFigures> measure(Asteroids asteroids, List<Watch> watches, int seconds) {
        for (int tick = 0; tick < seconds * Watch.TICK_RATE; tick++) {
            for (int step = 0; step < Asteroids.RATE / Watch.TICK_RATE; step++) {
                asteroids.step();
            }
            watches.forEach(Watch::tick);
        }
        return watches.stream().map(Watch::figures).toList();
    }
}
