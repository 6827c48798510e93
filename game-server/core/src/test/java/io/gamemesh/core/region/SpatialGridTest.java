package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.collections.IntArrayList;
import org.junit.jupiter.api.Test;

class SpatialGridTest {

    private static final int SHIFT = 4;

    private record Place(int x, int y, int z) {

        static Place random(Random random) {
            return new Place(random.nextInt(-300, 300), random.nextInt(-40, 40), random.nextInt(-300, 300));
        }

        boolean sharesCellWith(Place min, Place max) {
            return within(x, min.x, max.x) && within(y, min.y, max.y) && within(z, min.z, max.z);
        }

        private static boolean within(int value, int min, int max) {
            return value >> SHIFT >= min >> SHIFT && value >> SHIFT <= max >> SHIFT;
        }
    }

    @Property(tries = 50)
    void findsWhatALookAtEachRowFinds(@ForAll long seed) {
        Random random = new Random(seed);
        SpatialGrid grid = new SpatialGrid(SHIFT);
        Map<Integer, Place> rows = new HashMap<>();
        IntArrayList found = new IntArrayList();

        for (int i = 0; i < 2000; i++) {
            change(random, grid, rows);
            if (i % 10 == 0) {
                Place min = Place.random(random);
                Place max =
                        new Place(min.x + random.nextInt(60), min.y + random.nextInt(60), min.z + random.nextInt(60));
                grid.query(min.x, min.y, min.z, max.x, max.y, max.z, found);

                Set<Integer> expected = new TreeSet<>();
                rows.forEach((row, place) -> {
                    if (place.sharesCellWith(min, max)) {
                        expected.add(row);
                    }
                });
                assertThat(found).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
            }
        }
        assertThat(grid.size()).isEqualTo(rows.size());
    }

    /** As columns without gaps do: rows 0 to size - 1, the last takes the place of one that goes. */
    private static void change(Random random, SpatialGrid grid, Map<Integer, Place> rows) {
        Place place = Place.random(random);
        int row = rows.isEmpty() ? 0 : random.nextInt(rows.size());
        switch (rows.isEmpty() ? 0 : random.nextInt(4)) {
            case 0, 1 -> {
                grid.insert(rows.size(), place.x, place.y, place.z);
                rows.put(rows.size(), place);
            }
            case 2 -> {
                grid.move(row, place.x, place.y, place.z);
                rows.put(row, place);
            }
            default -> {
                int last = rows.size() - 1;
                grid.remove(row);
                Place moved = rows.remove(last);
                if (row != last) {
                    grid.renumber(last, row);
                    rows.put(row, moved);
                }
            }
        }
    }

    @Test
    void isEmptyOnceCleared() {
        SpatialGrid grid = new SpatialGrid(SHIFT);
        IntArrayList found = new IntArrayList();
        grid.insert(7, 1, 2, 3);

        grid.clear();
        grid.query(0, 0, 0, 15, 15, 15, found);

        assertThat(found).isEmpty();
        assertThat(grid.size()).isZero();
    }

    @Test
    void refusesARowTwiceAndOneThatIsNotThere() {
        SpatialGrid grid = new SpatialGrid(SHIFT);
        grid.insert(3, 1, 2, 3);

        assertThatThrownBy(() -> grid.insert(3, 1, 2, 3)).hasMessageContaining("row 3 is in the grid");
        assertThatThrownBy(() -> grid.remove(2)).hasMessageContaining("row 2 is not in the grid");
    }
}
