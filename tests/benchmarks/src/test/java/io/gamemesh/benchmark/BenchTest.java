package io.gamemesh.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void writesTheFiguresOfOneBenchmark() throws IOException {
        Path json = folder.resolve("fast.json");

        int status = bench("fast", "--json", json.toString());

        assertThat(status).isZero();
        JsonNode report = new ObjectMapper().readTree(Files.readString(json));
        assertThat(report.propertyStream().map(Map.Entry::getKey)).containsExactly("name", "machine", "jvm", "metrics");
        assertThat(report.get("name").asText()).isEqualTo("fast");
        assertThat(report.get("metrics").get("took_ms").get("value").asDouble()).isEqualTo(1.5);
        assertThat(report.get("metrics").get("took_ms").get("unit").asText()).isEqualTo("ms");
    }

    @Test
    void tellsTheFiguresOfAllBenchmarksApart() {
        int status = bench();

        assertThat(status).isZero();
        assertThat(out.toString()).contains("fast.took_ms", "slow.took_ms", "1.500  ms", "12,345  ms");
    }

    @Test
    void namesTheBenchmarksThereAreWhenAskedForAnother() {
        int status = bench("faster");

        assertThat(status).isNotZero();
        assertThat(err.toString()).contains("'faster'", "fast, slow");
    }

    @Test
    void refusesAFigureThatIsNone() {
        assertThatThrownBy(() -> new Metric(Double.NaN, "ms"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing was measured");
    }

    @Test
    void givesTheMedianOfSeveralRunsBetweenTheLeastAndTheGreatest() {
        assertThat(Metric.of("ms", 9, 1, 4)).isEqualTo(new Metric(4, "ms", 1, 9, 3));
        assertThat(Metric.of("ms", 2, 1)).isEqualTo(new Metric(1.5, "ms", 1, 2, 2));
        assertThat(Metric.of("ms", List.of(7.0))).isEqualTo(new Metric(7, "ms"));
        assertThatThrownBy(() -> Metric.of("ms", List.of())).hasMessageContaining("nothing was measured");
    }

    @Test
    void replacesTheFiguresOnAPageAndNothingElse() throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), """
                before
                <!-- figures: fast -->
                old
                <!-- end -->
                <!-- figures: slow -->
                other
                <!-- end -->
                after
                """);

        int status = bench("fast", "--document", page.toString());

        assertThat(status).isZero();
        assertThat(Files.readString(page))
                .startsWith("before\n<!-- figures: fast -->\n\n| metric |")
                .contains("| `took_ms` | 1.500 | 1.500 ms | 1.500 | 1 |")
                .doesNotContain("old")
                .endsWith("<!-- end -->\n<!-- figures: slow -->\nother\n<!-- end -->\nafter\n");
    }

    @Test
    void measuresNothingForAPageWithoutAPlaceForIt() throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), "<!-- figures: fast -->\n<!-- end -->\n");

        int status = bench("--document", page.toString());

        assertThat(status).isNotZero();
        assertThat(err.toString()).contains("'slow'", "<!-- figures: slow -->").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void measuresForAsLongAsItIsToldOnlyWhereThatCanBeChosen() {
        int refused = bench("slow", "--minutes", "2");
        int chosen = bench("fast", "--minutes", "2");

        assertThat(refused).isNotZero();
        assertThat(err.toString()).contains("'slow' measures cannot be chosen").doesNotContain("\tat ");
        assertThat(chosen).isZero();
        assertThat(out.toString()).containsPattern("took_ms +120,000  ms");
    }

    @Test
    void repeatsAsOftenAsItIsToldOnlyWhereThatCanBeChosen() {
        int refused = bench("slow", "--runs", "2");
        int chosen = bench("fast", "--runs", "2");

        assertThat(refused).isNotZero();
        assertThat(err.toString())
                .contains("how many runs 'slow' makes cannot be chosen")
                .doesNotContain("\tat ");
        assertThat(chosen).isZero();
        assertThat(out.toString()).contains("2.000  ms");
    }

    @Test
    void hasAPlaceForEachBenchmarkOnThePage() throws IOException {
        Document page = new Document(Path.of("..", "..", "docs", "benchmarks.md"));

        for (Benchmark benchmark : Bench.all()) {
            assertThatCode(() -> page.requirePlaceFor(benchmark.name())).doesNotThrowAnyException();
        }
    }

    private int bench(String... arguments) {
        Bench bench = new Bench(List.of(new Fixed("fast", 1.5), new Fixed("slow", 12_345)));
        return new CommandLine(bench)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private record Fixed(String name, double millis) implements Benchmark {

        @Override
        public String description() {
            return "always the same";
        }

        @Override
        public SortedMap<String, Metric> run() {
            return new TreeMap<>(Map.of("took_ms", new Metric(millis, "ms")));
        }

        @Override
        public Benchmark lasting(Duration measured) {
            return name.equals("fast") ? new Fixed(name, measured.toMillis()) : Benchmark.super.lasting(measured);
        }

        @Override
        public Benchmark repeated(int times) {
            return name.equals("fast") ? new Fixed(name, times) : Benchmark.super.repeated(times);
        }
    }
}
