package io.gamemesh.protocol.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LeafMapTest {

    private static final WorldGeometry WORLD =
            new WorldGeometry(2048, 512, 100, Box.of(-2048, -2048, -2048, 2048, 2048, 2048));

    @Property
    void findsTheOneLeafAtAPosition(
            @ForAll long seed,
            @ForAll @DoubleRange(min = -2048, max = 2047.9) double x,
            @ForAll @DoubleRange(min = -2048, max = 2047.9) double y,
            @ForAll @DoubleRange(min = -2048, max = 2047.9) double z) {
        LeafMap map = LeafMap.of(WORLD, 1, 1, divided(new Random(seed)));

        Leaf found = map.at(x, y, z);

        assertThat(map.leaves().stream()
                        .filter(leaf -> WORLD.bounds(leaf.region()).contains(x, y, z))
                        .toList())
                .containsExactly(found);
    }

    @Property(tries = 100)
    void neighboursAreTheLeavesThatTouch(@ForAll long seed) {
        LeafMap map = LeafMap.of(WORLD, 1, 1, divided(new Random(seed)));

        for (Leaf leaf : map.leaves()) {
            Box bounds = WORLD.bounds(leaf.region());
            assertThat(map.neighbours(leaf.region()))
                    .containsExactlyInAnyOrderElementsOf(map.leaves().stream()
                            .filter(other -> !other.equals(leaf)
                                    && WORLD.bounds(other.region()).touches(bounds))
                            .toList());
        }
    }

    @Test
    void hasNoLeafOutsideTheWorld() {
        LeafMap map = LeafMap.of(WORLD, 1, 1, leaves(WORLD.roots()));

        assertThat(map.at(2048, 0, 0)).isNull();
        assertThat(map.at(-2048, 0, 0)).isNotNull();
    }

    @Test
    void takesChangesInOrderAndForgetsWhatIsOlder() {
        RegionId region = RegionId.of(0, 0, 0, 0);
        LeafMap full = LeafMap.empty(WORLD)
                .updated(2, LeafMap.of(WORLD, 2, 5, leaves(WORLD.roots())).toProto());
        var change = io.gamemesh.protocol.v1.LeafMap.newBuilder()
                .setVersion(6)
                .addEntries(Leaf.vacant(region, 9).toProto())
                .build();

        LeafMap changed = full.updated(2, change);

        assertThat(changed.get(region)).isEqualTo(Leaf.vacant(region, 9));
        assertThat(changed.size()).isEqualTo(8);
        assertThat(changed.updated(2, full.toProto())).isSameAs(changed);
        assertThat(changed.updated(1, full.toProto())).isSameAs(changed);
        assertThatThrownBy(() -> changed.updated(3, change)).hasMessageContaining("expected a full one");
    }

    @Test
    void keepsAddressesThatANewLeaderHasYetToLearn() {
        RegionId region = RegionId.of(0, 0, 0, 0);
        Leaf known = new Leaf(region, new ServerId("world-2", 7), 3, "a:7777", "b:7777", "c:9090");
        LeafMap before = LeafMap.of(WORLD, 1, 5, List.of(known));

        LeafMap after = before.updated(2, full(new Leaf(region, known.authority(), 4, "", "", "")));

        assertThat(after.get(region)).isEqualTo(new Leaf(region, known.authority(), 4, "a:7777", "b:7777", "c:9090"));
    }

    @Test
    void forgetsTheAddressesOfAProcessThatNoLongerActs() {
        RegionId region = RegionId.of(0, 0, 0, 0);
        Leaf known = new Leaf(region, new ServerId("world-2", 7), 3, "a:7777", "b:7777", "c:9090");
        LeafMap before = LeafMap.of(WORLD, 1, 5, List.of(known));
        Leaf restarted = new Leaf(region, new ServerId("world-2", 8), 4, "", "", "");

        assertThat(before.updated(2, full(restarted)).get(region)).isEqualTo(restarted);
        assertThat(before.updated(2, full(Leaf.vacant(region, 4))).get(region)).isEqualTo(Leaf.vacant(region, 4));
    }

    private static io.gamemesh.protocol.v1.LeafMap full(Leaf leaf) {
        return io.gamemesh.protocol.v1.LeafMap.newBuilder()
                .setVersion(1)
                .setFull(true)
                .addEntries(leaf.toProto())
                .build();
    }

    @Test
    void refusesALeafWithinAnother() {
        RegionId region = RegionId.of(0, 0, 0, 0);

        assertThatThrownBy(() -> LeafMap.of(
                        WORLD, 1, 1, leaves(List.of(region, region.children().get(3)))))
                .hasMessageContaining("contains it");
    }

    private static List<Leaf> leaves(List<RegionId> regions) {
        return regions.stream().map(region -> Leaf.vacant(region, 1)).toList();
    }

    private static List<Leaf> divided(Random random) {
        List<RegionId> regions = new ArrayList<>();
        for (RegionId root : WORLD.roots()) {
            divide(root, random, regions);
        }
        return leaves(regions);
    }

    private static void divide(RegionId region, Random random, List<RegionId> into) {
        if (region.depth() < WORLD.maxDepth() && random.nextInt(3) == 0) {
            for (RegionId child : region.children()) {
                divide(child, random, into);
            }
        } else {
            into.add(region);
        }
    }
}
