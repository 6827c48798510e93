package io.gamemesh.benchmark;

import io.gamemesh.benchmark.asteroids.AsteroidsBenchmark;
import io.gamemesh.benchmark.codec.CodecBenchmark;
import io.gamemesh.benchmark.crowd.CrowdBenchmark;
import io.gamemesh.benchmark.edits.EditsBenchmark;
import io.gamemesh.benchmark.failover.ConservationBenchmark;
import io.gamemesh.benchmark.failover.FailoverBenchmark;
import io.gamemesh.benchmark.minestom.MinestomBenchmark;
import io.gamemesh.benchmark.startup.StartupBenchmark;
import io.gamemesh.benchmark.transport.TransportBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./mesh bench [NAME] [--minutes N] [--runs N] [--json FILE] [--document FILE]}. */
@Command(
        name = "mesh bench",
        description = "Runs benchmarks, prints a table, and writes the figures as JSON.",
        mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {

    private final List<Benchmark> benchmarks;

    @Spec
    private @Nullable CommandSpec command;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "One of --list; all of them if absent.")
    private @Nullable String name;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures to.")
    private @Nullable Path json;

    @Option(
            names = "--document",
            paramLabel = "FILE",
            description = "A page, such as docs/benchmarks.md, in which to replace the figures of what is run.")
    private @Nullable Path document;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long to measure, of a benchmark that says so in --list.")
    private @Nullable Integer minutes;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "How often to repeat what is measured, of a benchmark that says so in --list.")
    private @Nullable Integer runs;

    @Option(names = "--list", description = "Say which benchmarks there are.")
    private boolean list;

    Bench(List<Benchmark> benchmarks) {
        this.benchmarks = List.copyOf(benchmarks);
    }

    /** Exits with 0 if all that was asked for has been measured. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench(all())).execute(arguments));
    }

    static List<Benchmark> all() {
        return List.of(
                new UpBenchmark(),
                new WanderBenchmark(),
                new CrossingBenchmark(),
                new FailoverBenchmark(),
                new ConservationBenchmark(),
                new MigrationBenchmark(),
                new StartupBenchmark(),
                new MicroBenchmark(),
                new CodecBenchmark(),
                new AsteroidsBenchmark(),
                new CrowdBenchmark(),
                new MinestomBenchmark(),
                new EditsBenchmark(),
                new TransportBenchmark());
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec().commandLine().getOut();
        if (list) {
            benchmarks.forEach(benchmark -> out.printf("%-10s %s%n", benchmark.name(), benchmark.description()));
            return 0;
        }
        List<Benchmark> wanted = name == null ? benchmarks : List.of(repeated(lasting(named(name))));
        Document page = document == null ? null : new Document(document);
        if (page != null) {
            requirePlaces(page, wanted);
        }
        SortedMap<String, Metric> metrics = new TreeMap<>();
        for (Benchmark benchmark : wanted) {
            Report report = report(benchmark.name(), benchmark.run());
            // At once, as the next one may fail.
            if (page != null) {
                page.put(report);
            }
            String prefix = name == null ? benchmark.name() + "." : "";
            report.metrics().forEach((metric, figure) -> metrics.put(prefix + metric, figure));
        }
        Report report = report(name == null ? "all" : name, metrics);
        out.print(report.toTable());
        out.flush();
        if (json != null) {
            Files.writeString(json, report.toJson());
        }
        return 0;
    }

    private void requirePlaces(Document page, List<Benchmark> wanted) throws IOException {
        try {
            for (Benchmark benchmark : wanted) {
                page.requirePlaceFor(benchmark.name());
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static Report report(String name, SortedMap<String, Metric> metrics) {
        Machine machine = Machine.here();
        return new Report(name, machine.machine(), machine.jvm(), metrics);
    }

    private Benchmark named(String wanted) {
        return benchmarks.stream()
                .filter(benchmark -> benchmark.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec().commandLine(),
                        "there is no benchmark '%s', but %s"
                                .formatted(
                                        wanted,
                                        String.join(
                                                ", ",
                                                benchmarks.stream()
                                                        .map(Benchmark::name)
                                                        .toList()))));
    }

    private Benchmark lasting(Benchmark wanted) {
        Integer chosen = minutes;
        return chosen == null
                ? wanted
                : chosen("--minutes", chosen, value -> wanted.lasting(Duration.ofMinutes(value)));
    }

    private Benchmark repeated(Benchmark wanted) {
        Integer chosen = runs;
        return chosen == null ? wanted : chosen("--runs", chosen, wanted::repeated);
    }

    private Benchmark chosen(String option, int value, IntFunction<Benchmark> benchmark) {
        if (value < 1) {
            throw new ParameterException(spec().commandLine(), "%s is %d, expected 1 or more".formatted(option, value));
        }
        try {
            return benchmark.apply(value);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private CommandSpec spec() {
        if (command == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return command;
    }
}
