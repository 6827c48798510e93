package io.gamemesh.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {

    @Provide
    Arbitrary<List<Integer>> counters() {
        return Arbitraries.oneOf(
                        Arbitraries.integers().between(0, 200),
                        Arbitraries.integers().between(1900, 2200),
                        Arbitraries.integers().between(0, 10_000))
                .list()
                .ofMaxSize(400);
    }

    @Property
    void saysOfEachCounterWhatASetWouldSay(@ForAll("counters") List<Integer> counters) {
        ReplayWindow window = new ReplayWindow();
        Set<Integer> seen = new HashSet<>();
        int newest = -1;

        for (int counter : counters) {
            boolean fresh = !seen.contains(counter) && newest - counter <= ReplayWindow.SIZE;
            assertThat(window.isFresh(counter)).as("counter %d", counter).isEqualTo(fresh);
            if (fresh) {
                window.mark(counter);
                seen.add(counter);
                newest = Math.max(newest, counter);
            }
            assertThat(window.newest()).isEqualTo(newest);
        }
    }

    @Test
    void forgetsNothingWithinItsSize() {
        ReplayWindow window = new ReplayWindow();

        window.mark(5);
        window.mark(5 + ReplayWindow.SIZE);

        assertThat(window.isFresh(5)).isFalse();
        assertThat(window.isFresh(6)).isTrue();
    }

    @Test
    void refusesWhatIsOlderThanItCanTell() {
        ReplayWindow window = new ReplayWindow();

        window.mark(6L + ReplayWindow.SIZE);

        assertThat(window.isFresh(5)).isFalse();
    }
}
