package io.gamemesh.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.MicroTime;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    @Test
    void countsAnEventWithoutACountOnce() {
        assertThat(Evidence.line(moved().build()))
                .isEqualTo("2026-01-01T00:00:00.000000Z Normal Region/demo-d0-x0-y0-z0 Moved: from demo-0 to demo-1 at"
                        + " epoch 2: Rebalance (1)%n".formatted());
    }

    @Test
    void countsAnEventAsOftenAsItSays() {
        assertThat(Evidence.line(moved().withCount(3).build())).endsWith(" (3)%n".formatted());
    }

    @Test
    void countsASeriesAsOftenAsItSays() {
        assertThat(Evidence.line(
                        moved().withNewSeries().withCount(4).endSeries().build()))
                .endsWith(" (4)%n".formatted());
    }

    private static EventBuilder moved() {
        return new EventBuilder()
                .withNewMetadata()
                .endMetadata()
                .withEventTime(new MicroTime("2026-01-01T00:00:00.000000Z"))
                .withType("Normal")
                .withReason("Moved")
                .withMessage("from demo-0 to demo-1 at epoch 2: Rebalance")
                .withNewInvolvedObject()
                .withKind("Region")
                .withName("demo-d0-x0-y0-z0")
                .endInvolvedObject();
    }
}
