package io.gamemesh.protocol.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class EntityIdTest {

    @Property
    void keepsIncarnationAndCounter(
            @ForAll @IntRange(min = 1, max = EntityId.MAX_INCARNATION) int incarnation,
            @ForAll @LongRange(max = EntityId.MAX_COUNTER) long counter) {
        EntityId id = EntityId.of(incarnation, counter);

        assertThat(id.incarnation()).isEqualTo(incarnation);
        assertThat(id.counter()).isEqualTo(counter);
        assertThat(new EntityId(id.packed())).isEqualTo(id);
    }

    @Test
    void refusesAnIdThatNoProcessCanHaveMade() {
        assertThatThrownBy(() -> EntityId.of(0, 1)).hasMessageContaining("incarnation");
        assertThatThrownBy(() -> EntityId.of(1 << 24, 1)).hasMessageContaining("incarnation");
        assertThatThrownBy(() -> EntityId.of(1, 1L << 40)).hasMessageContaining("counter");
        assertThatThrownBy(() -> new EntityId(5)).hasMessageContaining("incarnation 0");
    }
}
