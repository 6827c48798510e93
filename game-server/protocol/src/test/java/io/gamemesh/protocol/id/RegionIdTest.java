package io.gamemesh.protocol.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionIdTest {

    @Property
    void keepsDepthAndCell(
            @ForAll @IntRange(max = 15) int depth,
            @ForAll @IntRange(min = RegionId.MIN_CELL, max = RegionId.MAX_CELL) int x,
            @ForAll @IntRange(min = RegionId.MIN_CELL, max = RegionId.MAX_CELL) int y,
            @ForAll @IntRange(min = RegionId.MIN_CELL, max = RegionId.MAX_CELL) int z) {
        RegionId id = RegionId.of(depth, x, y, z);

        assertThat(new int[] {id.depth(), id.x(), id.y(), id.z()}).containsExactly(depth, x, y, z);
    }

    @Property
    void readsItsOwnTextForm(@ForAll long packed) {
        RegionId id = new RegionId(packed);

        assertThat(RegionId.parse(id.toString())).isEqualTo(id);
        assertThat(RegionName.parse(id.name("my-mesh-d0"))).isEqualTo(new RegionName("my-mesh-d0", id));
    }

    @Property
    void childrenHaveTheirParent(
            @ForAll @IntRange(max = 14) int depth,
            @ForAll @IntRange(min = -1000, max = 1000) int x,
            @ForAll @IntRange(min = -1000, max = 1000) int y,
            @ForAll @IntRange(min = -1000, max = 1000) int z) {
        RegionId id = RegionId.of(depth, x, y, z);

        assertThat(id.children())
                .hasSize(8)
                .doesNotHaveDuplicates()
                .allSatisfy(child -> assertThat(child.parent()).isEqualTo(id))
                .allSatisfy(child -> assertThat(id.contains(child)).isTrue());
    }

    @Property
    void isItsNeighboursNeighbour(@ForAll long packed) {
        RegionId id = new RegionId(packed);

        assertThat(id.neighbours())
                .doesNotContain(id)
                .doesNotHaveDuplicates()
                .allSatisfy(neighbour -> assertThat(neighbour.neighbours()).contains(id));
    }

    @Test
    void has26Neighbours() {
        assertThat(RegionId.of(0, 0, 0, 0).neighbours()).hasSize(26);
    }

    @Test
    void isNamedAsItsResource() {
        assertThat(RegionId.of(0, 1, 0, -2).name("demo")).isEqualTo("demo-d0-x1-y0-zn2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "d0-x1-y0",
                "d0-x01-y0-z0",
                "d0-xn0-y0-z0",
                "d0-x-1-y0-z0",
                "d16-x0-y0-z0",
                "d0-x524288-y0-z0",
                "d0-x0-y0-z0 ",
                "D0-x0-y0-z0"
            })
    void refusesWhatIsNoRegionId(String text) {
        assertThatThrownBy(() -> RegionId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"d0-x1-y0-z0", "-d0-x1-y0-z0", "demo", "demo-d0-x1-y0-z00"})
    void refusesWhatIsNoRegionName(String text) {
        assertThatThrownBy(() -> RegionName.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
