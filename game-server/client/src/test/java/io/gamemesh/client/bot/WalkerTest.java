package io.gamemesh.client.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.bot.Walker.Place;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WalkerTest {

    @Test
    void choosesTheSamePlacesForTheSameSeed() {
        List<Place> first = places(new SplittableRandom(7));

        List<Place> again = places(new SplittableRandom(7));

        assertThat(again).isEqualTo(first);
        assertThat(places(new SplittableRandom(8))).isNotEqualTo(first);
    }

    @Test
    void staysWithinTheDisc() {
        assertThat(places(new SplittableRandom(1)))
                .allSatisfy(
                        place -> assertThat(Math.hypot(place.x(), place.z())).isLessThanOrEqualTo(200));
    }

    @Test
    void crossesABorderWithEachPlace() {
        Supplier<Place> places = Walker.acrossBorders(new SplittableRandom(3));

        List<Place> all = Stream.generate(places).limit(100).toList();

        for (int i = 1; i < all.size(); i++) {
            boolean crosses = Math.signum(all.get(i).x())
                            != Math.signum(all.get(i - 1).x())
                    || Math.signum(all.get(i).z()) != Math.signum(all.get(i - 1).z());
            assertThat(crosses).as("from %s to %s", all.get(i - 1), all.get(i)).isTrue();
        }
    }

    @Test
    void crossesBordersAndEdgesAlike() {
        Supplier<Place> places = Walker.acrossBordersAndEdges(new SplittableRandom(3));

        List<Place> all = Stream.generate(places).limit(300).toList();

        int[] crossed = new int[4];
        for (int i = 1; i < all.size(); i++) {
            boolean east = all.get(i).x() > 0 != all.get(i - 1).x() > 0;
            boolean south = all.get(i).z() > 0 != all.get(i - 1).z() > 0;
            crossed[(east ? 1 : 0) + (south ? 2 : 0)]++;
        }
        assertThat(crossed[0]).as("no border").isZero();
        assertThat(crossed[1]).as("one border").isGreaterThan(50);
        assertThat(crossed[2]).as("the other").isGreaterThan(50);
        assertThat(crossed[3]).as("the edge where they meet").isGreaterThan(50);
    }

    private static List<Place> places(SplittableRandom random) {
        return Stream.generate(() -> Walker.inDisc(random, 200)).limit(100).toList();
    }
}
