package io.gamemesh.benchmark.codec;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import io.gamemesh.benchmark.server.LineProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Bytes and speed of coded sections beside those of zlib, Zstandard and run lengths. */
public final class CodecBenchmark implements Benchmark {

    private static final int RUNS = 3;
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    @Override
    public String name() {
        return "codec";
    }

    @Override
    public String description() {
        return "terrain as generated, built and of noise, beside zlib, Zstandard and run lengths (three minutes)";
    }

    @Override
    public SortedMap<String, Metric> run() {
        SortedMap<String, List<Double>> samples = new TreeMap<>();
        for (int run = 0; run < RUNS; run++) {
            measure(samples);
        }
        SortedMap<String, Metric> metrics = new TreeMap<>();
        samples.forEach((metric, found) -> metrics.put(metric, Metric.of(unit(metric), found)));
        return metrics;
    }

    private static void measure(SortedMap<String, List<Double>> samples) {
        try (LineProcess run =
                new LineProcess(OPTIONS, System.getProperty("java.class.path"), List.of(CodecRun.class.getName()))) {
            for (String line = run.answer("figures"); !line.isEmpty(); line = run.answer("figures")) {
                System.err.println(line);
                int space = line.indexOf(' ');
                samples.computeIfAbsent(line.substring(0, space), any -> new ArrayList<>())
                        .add(Double.valueOf(line.substring(space + 1)));
            }
        }
    }

    private static String unit(String metric) {
        if (metric.endsWith("_percent")) {
            return "%";
        }
        if (metric.endsWith("_mb_s")) {
            return "MB/s";
        }
        if (metric.endsWith("_kb")) {
            return "kB";
        }
        return metric.endsWith("_bytes") ? "B" : "x";
    }
}
