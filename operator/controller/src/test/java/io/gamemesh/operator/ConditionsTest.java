package io.gamemesh.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {

    private static final Instant EARLIER = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final Instant LATER = EARLIER.plusSeconds(60);

    @Test
    void changeTheirTransitionTimeOnlyWithTheirStatus() {
        Conditions first = new Conditions(List.of(), 1, EARLIER);
        first.set("Ready", false, "Starting", "one of two");
        first.set("Valid", true, "Valid", "fine");

        Conditions second = new Conditions(first.all(), 2, LATER);
        second.set("Ready", true, "AllReady", "two of two");
        second.set("Valid", true, "Valid", "still fine");

        assertThat(second.all()).extracting(Condition::getType).containsExactly("Ready", "Valid");
        assertThat(second.all())
                .extracting(Condition::getLastTransitionTime)
                .containsExactly("2026-01-01T00:01:00Z", "2026-01-01T00:00:00Z");
        assertThat(second.all()).extracting(Condition::getObservedGeneration).containsOnly(2L);
        assertThat(second.all()).extracting(Condition::getMessage).containsExactly("two of two", "still fine");
    }

    @Test
    void canBeUnknown() {
        Conditions first = new Conditions(List.of(), 1, EARLIER);
        first.set("Autoscaling", true, "WithinLimits", "fine");

        Conditions second = new Conditions(first.all(), 1, LATER);
        second.setUnknown("Autoscaling", "NotCoordinated", "nobody decides");

        assertThat(second.all()).singleElement().satisfies(condition -> {
            assertThat(condition.getStatus()).isEqualTo("Unknown");
            assertThat(condition.getReason()).isEqualTo("NotCoordinated");
            assertThat(condition.getLastTransitionTime()).isEqualTo("2026-01-01T00:01:00Z");
        });
    }
}
