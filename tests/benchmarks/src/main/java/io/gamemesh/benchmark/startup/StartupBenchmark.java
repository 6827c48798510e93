package io.gamemesh.benchmark.startup;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import io.gamemesh.benchmark.UpBenchmark;
import io.gamemesh.benchmark.server.ProgramImage;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The game server as a native executable against the same on Java, in turns: ready, memory, CPU a player, size. Then, on
 * the cluster, from applying a world to all Ready with either. Without GraalVM there are the figures of Java alone.
 */
public final class StartupBenchmark implements Benchmark {
    private static final int STARTS = 10;
    private static final int GAMES = 3;
    /** The compilers of a JVM need longer than this for the last per cent, but hardly for more. */
    private static final Duration WARM_UP = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "startup";
    }

    @Override
    public String description() {
        return "native executables against Java: ready, memory, CPU a player, size, apply to Ready; takes ./mesh up";
    }

    @Override
    public SortedMap<String, Metric> run() {
        ProgramImage image = ProgramImage.build("native");
        List<Course> courses = image.kind().equals("native")
                ? List.of(new Course(image), new Course(ProgramImage.build("jvm")))
                : List.of(new Course(image));
        for (int i = 0; i < STARTS; i++) {
            courses.forEach(Course::start);
        }
        for (int i = 0; i < GAMES; i++) {
            courses.forEach(course -> course.play(WARM_UP));
        }
        SortedMap<String, Metric> metrics = new TreeMap<>();
        for (Course course : courses) {
            String kind = course.image().kind();
            metrics.put(kind + "_ready_ms", new Metric(median(course.readyMillis()), "ms"));
            metrics.put(kind + "_ready_max_ms", new Metric(Collections.max(course.readyMillis()), "ms"));
            metrics.put(kind + "_idle_mb", new Metric(median(course.idleMebibytes()), "MB"));
            metrics.put(kind + "_played_mb", new Metric(median(course.playedMebibytes()), "MB"));
            metrics.put(kind + "_cpu_ms_per_player_s", new Metric(median(course.cpuMillisPerPlayerSecond()), "ms/s"));
            metrics.put(kind + "_image_mb", new Metric(course.image().archiveMebibytes(), "MB"));
            metrics.put(kind + "_apply_to_ready_s", UpBenchmark.applyToReady(kind));
        }
        if (courses.size() == 2) {
            metrics.put(
                    "native_cpu_ratio",
                    new Metric(
                            median(courses.getFirst().cpuMillisPerPlayerSecond())
                                    / median(courses.getLast().cpuMillisPerPlayerSecond()),
                            "of jvm"));
        }
        return metrics;
    }

    private static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
