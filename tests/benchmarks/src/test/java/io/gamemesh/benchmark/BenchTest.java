package io.gamemesh.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
    }
}
