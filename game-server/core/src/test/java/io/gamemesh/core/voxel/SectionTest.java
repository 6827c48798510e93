package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.terrain.SectionDecoder;
import io.gamemesh.protocol.terrain.SectionEncoder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SectionTest {

    private static short[] random(Random random, int kinds) {
        short[] blocks = new short[Section.VOLUME];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = (short) random.nextInt(kinds);
        }
        return blocks;
    }

    private static short[] blocks(Section section) {
        short[] blocks = new short[Section.VOLUME];
        section.copyTo(blocks);
        return blocks;
    }

    private static int kinds(short[] blocks) {
        return (int)
                IntStream.range(0, blocks.length).map(i -> blocks[i]).distinct().count();
    }

    @Property(tries = 200)
    void holdsWhatWasPutIn(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4096) int kinds) {
        short[] expected = random(new Random(seed), kinds);

        Section section = Section.of(expected);

        assertThat(blocks(section)).isEqualTo(expected);
        for (int i = 0; i < Section.VOLUME; i++) {
            assertThat(section.get(i)).isEqualTo(expected[i]);
        }
        short[] decoded = new short[Section.VOLUME];
        new SectionDecoder().decode(section.coded(new SectionEncoder()), decoded);
        assertThat(decoded).isEqualTo(expected);
    }

    @Property(tries = 200)
    void isWrittenToAsAnArrayIs(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 600) int kinds,
            @ForAll @IntRange(min = 1, max = 600) int kindsPut) {
        Random random = new Random(seed);
        short[] expected = random(random, kinds);
        MutableSection section = new MutableSection(Section.of(expected));

        for (int i = 0; i < 6000; i++) {
            // Mostly near each other, so that kinds vanish and come back.
            int index = random.nextInt(8) == 0 ? random.nextInt(Section.VOLUME) : i % Section.VOLUME;
            short block = (short) random.nextInt(kindsPut);
            boolean changed = section.set(index, block);
            assertThat(changed).isEqualTo(expected[index] != block);
            expected[index] = block;
        }

        assertThat(blocks(section.snapshot())).isEqualTo(expected);
        assertThat(section.bits()).isBetween(Packed.bitsFor(kinds(expected)), 2 * Packed.bitsFor(kinds(expected)));
    }

    @Property(tries = 100)
    void isFilledAsAnArrayIs(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int kinds) {
        Random random = new Random(seed);
        short[] expected = random(random, kinds);
        MutableSection section = new MutableSection(Section.of(expected));
        long[] where = new long[64];
        long[] changed = new long[64];

        for (int i = 0; i < 20; i++) {
            for (int word = 0; word < where.length; word++) {
                where[word] = random.nextInt(3) == 0 ? random.nextLong() : -random.nextInt(2);
            }
            short block = (short) random.nextInt(kinds + 1);
            long[] expectedChanges = new long[64];
            int count = 0;
            for (int index = 0; index < expected.length; index++) {
                if ((where[index >> 6] >>> index & 1) != 0 && expected[index] != block) {
                    expectedChanges[index >> 6] |= 1L << index;
                    expected[index] = block;
                    count++;
                }
            }

            assertThat(section.fill(where, block, changed)).isEqualTo(count);
            assertThat(changed).isEqualTo(expectedChanges);
            assertThat(blocks(section.snapshot())).isEqualTo(expected);
            assertThat(section.bits()).isLessThanOrEqualTo(2 * Packed.bitsFor(kinds(expected)));
        }
    }

    @Property(tries = 50)
    void findsWhereABlockIs(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int kinds) {
        short[] blocks = random(new Random(seed), kinds);
        long[] found = new long[64];
        long[] expected = new long[64];
        for (int i = 0; i < blocks.length; i++) {
            expected[i >> 6] |= blocks[i] == 0 ? 1L << i : 0;
        }

        new MutableSection(Section.of(blocks)).find((short) 0, found);

        assertThat(found).isEqualTo(expected);
    }

    @Test
    void hasNoArrayWhileItIsOfOneKind() {
        MutableSection section = new MutableSection(Section.uniform(Blocks.STONE));

        section.set(5, Blocks.STONE);
        boolean before = section.isUniform();
        section.set(5, Blocks.AIR);

        assertThat(before).isTrue();
        assertThat(section.isUniform()).isFalse();
        assertThat(section.get(5)).isEqualTo(Blocks.AIR);
        assertThat(section.get(6)).isEqualTo(Blocks.STONE);
    }

    @Test
    void hasNoArrayAgainOnceItIsOfOneKindAgain() {
        MutableSection section = new MutableSection(Section.uniform(Blocks.STONE));
        for (short block = 0; block < 100; block++) {
            section.set(block, block);
        }
        int widest = section.bits();

        for (int i = 0; i < 100; i++) {
            section.set(i, Blocks.BRICK);
        }
        int narrower = section.bits();
        section.fill(Blocks.BRICK);

        assertThat(widest).isEqualTo(8);
        assertThat(narrower).isEqualTo(2);
        assertThat(section.isUniform()).isTrue();
        assertThat(section.snapshot()).isSameAs(Section.uniform(Blocks.BRICK));
    }

    @Test
    void staysAsItIsInASnapshot() {
        MutableSection section = new MutableSection(Section.uniform(Blocks.STONE));
        section.set(0, Blocks.DIRT);
        Section before = section.snapshot();
        short[] blocksBefore = blocks(before);

        section.set(1, Blocks.DIRT);
        section.set(2, Blocks.GRASS);
        Section after = section.snapshot();
        section.fill(Blocks.AIR);

        assertThat(blocks(before)).isEqualTo(blocksBefore);
        assertThat(after.get(1)).isEqualTo(Blocks.DIRT);
        assertThat(after.get(2)).isEqualTo(Blocks.GRASS);
    }

    @Test
    void isTheSameSnapshotUntilAWrite() {
        Section generated = Generator.named("hills", 1).section(0, 1, 0);
        MutableSection section = new MutableSection(generated);

        Section untouched = section.snapshot();
        section.set(0, section.get(0));
        Section rewritten = section.snapshot();
        section.set(0, Blocks.GLASS);

        assertThat(untouched).isSameAs(generated);
        assertThat(rewritten).isSameAs(generated);
        assertThat(section.snapshot()).isNotSameAs(generated);
        assertThat(section.snapshot().coded(new SectionEncoder())).isNotEqualTo(generated.coded(new SectionEncoder()));
    }

    @Test
    void refusesAnArrayOfAnotherLength() {
        assertThatThrownBy(() -> Section.of(new short[4095])).hasMessage("a section of 4095 blocks, expected 4096");
    }

    @Test
    void takesAnyId() {
        short[] blocks = new short[Section.VOLUME];
        Arrays.setAll(new int[Section.VOLUME], i -> blocks[i] = (short) (-1 - i * 7));

        MutableSection section = new MutableSection(Section.of(blocks));
        section.set(0, (short) -1234);

        blocks[0] = -1234;
        assertThat(blocks(section.snapshot())).isEqualTo(blocks);
    }

    @Test
    void knowsItsKindsOfBlock() {
        Blocks blocks = Blocks.standard();

        assertThat(blocks.get(Blocks.WATER).name()).isEqualTo("water");
        assertThat(blocks.isSolid(Blocks.WATER)).isFalse();
        assertThat(blocks.has(13)).isFalse();
        assertThatThrownBy(() -> blocks.get(13)).hasMessageContaining("block id is 13, expected 0 to 12");
    }
}
