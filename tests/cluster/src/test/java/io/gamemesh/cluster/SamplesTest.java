package io.gamemesh.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SamplesTest {

    private static final String SCRAPE = """
            # HELP active_players Players
            # TYPE active_players gauge
            active_players 20.0
            inputs_refused_total{reason="full, really"} 2.0
            inputs_refused_total{reason="version"} 3.0
            # TYPE tick_duration_ms histogram
            tick_duration_ms{quantile="0.99"} 7.5
            tick_duration_ms_bucket{le="10.0"} 90.0
            tick_duration_ms_bucket{le="20.0"} 100.0
            tick_duration_ms_bucket{le="+Inf"} 100.0
            tick_duration_ms_sum 612.5
            """;

    @Test
    void sumsOverLabels() {
        Samples samples = Samples.parse(SCRAPE);

        assertThat(samples.value("active_players")).isEqualTo(20);
        assertThat(samples.value("inputs_refused_total")).isEqualTo(5);
    }

    @Test
    void namesTheMetricThatIsNotThere() {
        Samples samples = Samples.parse(SCRAPE);

        assertThatThrownBy(() -> samples.value("active_player"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("active_player");
    }

    @Test
    void refusesWhatIsNoSample() {
        assertThatThrownBy(() -> Samples.parse("<html>")).hasMessageContaining("<html>");
    }

    @Test
    void findsQuantilesOfWhatWasCountedInBetween() {
        Histogram before = Samples.parse(SCRAPE).histogram("tick_duration_ms");
        Histogram after = Samples.parse(SCRAPE.replace("90.0", "91.0").replace("\"} 100.0", "\"} 200.0"))
                .histogram("tick_duration_ms");

        Histogram between = after.since(before);

        assertThat(between.count()).isEqualTo(100);
        assertThat(between.quantile(0.01)).isEqualTo(10);
        assertThat(between.quantile(1)).isEqualTo(20);
    }

    @Test
    void mergesSeveralServers() {
        Histogram one = Samples.parse(SCRAPE).histogram("tick_duration_ms");

        Histogram both = Histogram.EMPTY.plus(one).plus(one);

        assertThat(both.count()).isEqualTo(200);
        assertThat(both.quantile(0.95)).isCloseTo(15, within(1e-9));
    }

    @Test
    void hasNoQuantileWithoutValues() {
        assertThat(Histogram.EMPTY.quantile(0.5)).isNaN();
    }
}
