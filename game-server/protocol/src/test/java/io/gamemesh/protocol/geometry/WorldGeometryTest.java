package io.gamemesh.protocol.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.protocol.id.RegionId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WorldGeometryTest {

    private static final Box BOUNDS = Box.of(-2048, -2048, -2048, 2048, 2048, 2048);
    private static final WorldGeometry WORLD = new WorldGeometry(2048, 512, 100, BOUNDS);

    @Property
    void aPositionLiesInTheBoundsOfItsRegion(
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double x,
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double y,
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double z,
            @ForAll @IntRange(max = 2) int depth) {
        Vec3 position = new Vec3(x, y, z);

        assertThat(WORLD.bounds(WORLD.regionAt(position, depth)).contains(position))
                .isTrue();
    }

    @Property
    void quantisingMovesAPositionByHalfAUnitAtMost(@ForAll @DoubleRange(min = -2048, max = 4096) double x) {
        int local = WorldGeometry.toLocal(x, -2048);

        assertThat(WorldGeometry.toWorld(local, -2048)).isCloseTo(x, within(1.0 / 256));
        assertThat(WorldGeometry.toLocal(WorldGeometry.toWorld(local, -2048), -2048))
                .isEqualTo(local);
    }

    @Test
    void hasEightRegionsRoundTheOrigin() {
        assertThat(WORLD.roots()).hasSize(8).contains(RegionId.of(0, -1, -1, -1), RegionId.of(0, 0, 0, 0));
        assertThat(WORLD.neighbours(RegionId.of(0, 0, 0, 0))).hasSize(7);
    }

    @Test
    void hasHalvedEdgesDownToTheLeast() {
        assertThat(WORLD.edge(2)).isEqualTo(512);
        assertThatThrownBy(() -> WORLD.edge(3)).hasMessageContaining("expected 0 to 2");
    }

    @Test
    void refusesSizesThatCutARegion() {
        assertThatThrownBy(() -> new WorldGeometry(2000, 512, 100, null)).hasMessageContaining("regionSize is 2000");
        assertThatThrownBy(() -> new WorldGeometry(512, 1024, 100, null)).hasMessageContaining("minRegionSize");
        assertThatThrownBy(() -> new WorldGeometry(512, 512, 300, null)).hasMessageContaining("overlap is 300");
        assertThatThrownBy(() -> new WorldGeometry(512, 512, 100, Box.of(0, 0, 0, 512, 512, 600)))
                .hasMessageContaining("600");
        assertThatThrownBy(() -> new WorldGeometry(16, 16, 0, Box.of(0, 0, 0, 1024, 1024, 1024)))
                .hasMessageContaining("4096");
    }
}
