package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CachingGeneratorTest {

    private final Generator hills = new HillsGenerator(42);
    private final AtomicInteger made = new AtomicInteger();
    private final Generator counting = new Generator() {
        @Override
        public Section section(int x, int y, int z) {
            made.incrementAndGet();
            return hills.section(x, y, z);
        }

        @Override
        public int surface(int x, int z) {
            return hills.surface(x, z);
        }
    };

    @Test
    void makesASectionOnce() {
        Generator caching = new CachingGenerator(counting, 100);

        Section first = caching.section(0, -2, 0);
        Section second = caching.section(0, -2, 0);

        assertThat(second).isSameAs(first);
        assertThat(made).hasValue(1);
    }

    @Test
    void keepsNoMoreThanItIsToldAndOnlyWhatIsWorthIt() {
        CachingGenerator caching = new CachingGenerator(counting, 10);

        for (int x = 0; x < 100; x++) {
            caching.section(x, -2, 0);
            caching.section(x, 100, 0);
        }

        assertThat(caching.keptSections()).isBetween(5, 10);
        assertThat(caching.section(3, -2, 0).hasSameBlocksAs(hills.section(3, -2, 0)))
                .isTrue();
    }

    @Test
    void keepsWhatIsUsedAgain() {
        Generator caching = new CachingGenerator(counting, 10);
        caching.section(-1, -2, 0);

        for (int x = 0; x < 100; x++) {
            caching.section(x, -2, 0);
            caching.section(-1, -2, 0);
        }

        assertThat(made).hasValue(101);
    }

    @Test
    void givesEachThreadTheSameBlocks() throws Exception {
        CachingGenerator caching = new CachingGenerator(counting, 50);
        List<Future<Integer>> wrong = new ArrayList<>();

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                int offset = thread;
                wrong.add(threads.submit(() -> {
                    int different = 0;
                    for (int i = 0; i < 2000; i++) {
                        int x = (i * 7 + offset) % 60;
                        int y = i % 3 - 1;
                        different += caching.section(x, y, 0).hasSameBlocksAs(new HillsGenerator(42).section(x, y, 0))
                                ? 0
                                : 1;
                    }
                    return different;
                }));
            }
        }

        for (Future<Integer> each : wrong) {
            assertThat(each.get()).isZero();
        }
        assertThat(caching.keptSections()).isLessThanOrEqualTo(50 + 2 * 4);
    }

    @Test
    void refusesToKeepNothing() {
        assertThatThrownBy(() -> new CachingGenerator(hills, 1)).hasMessage("maxSections is 1, expected 2 or more");
    }
}
