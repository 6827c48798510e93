package io.gamemesh.benchmark;

import java.util.Collection;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Single operations, measured by JMH in processes of their own. */
final class MicroBenchmark implements Benchmark {

    @Override
    public String name() {
        return "micro";
    }

    @Override
    public String description() {
        return "single operations by JMH: codecs, an engine's step, planning";
    }

    @Override
    public SortedMap<String, Metric> run() {
        Options options = new OptionsBuilder()
                .include("io\\.gamemesh\\.benchmark\\.micro\\.")
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .jvmArgsAppend("-XX:+UseCompactObjectHeaders", "--sun-misc-unsafe-memory-access=allow")
                .verbosity(VerboseMode.SILENT)
                .build();
        return metrics(results(options));
    }

    private static Collection<RunResult> results(Options options) {
        try {
            return new Runner(options).run();
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH failed", e);
        }
    }

    private static SortedMap<String, Metric> metrics(Collection<RunResult> results) {
        SortedMap<String, Metric> metrics = new TreeMap<>();
        for (RunResult result : results) {
            Result<?> primary = result.getPrimaryResult();
            String unit = primary.getScoreUnit().replace("/op", "");
            metrics.put("%s_%s".formatted(snakeCase(primary.getLabel()), unit), new Metric(primary.getScore(), unit));
        }
        return metrics;
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
