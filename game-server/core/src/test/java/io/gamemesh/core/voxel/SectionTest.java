package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.wire.SectionCodec;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SectionTest {

    @Property(tries = 200)
    void holdsWhatWasPutIn(@ForAll long seed, @ForAll @IntRange(min = 1, max = 600) int kinds) {
        Random random = new Random(seed);
        short[] expected = new short[Section.VOLUME];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (short) random.nextInt(kinds);
        }
        Section section = Section.of(expected);

        for (int i = 0; i < 300; i++) {
            int index = random.nextInt(Section.VOLUME);
            expected[index] = (short) random.nextInt(kinds * 2);
            section.set(index, expected[index]);
        }

        short[] actual = new short[Section.VOLUME];
        section.copyTo(actual);
        assertThat(actual).isEqualTo(expected);
        for (int i = 0; i < Section.VOLUME; i += 7) {
            assertThat(section.get(i)).isEqualTo(expected[i]);
        }
        SectionCodec.decode(section.coded(), actual);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void hasNoArrayWhileItIsOfOneKind() {
        Section section = Section.uniform(Blocks.STONE);

        section.set(5, Blocks.STONE);
        boolean before = section.isUniform();
        section.set(5, Blocks.AIR);

        assertThat(before).isTrue();
        assertThat(section.isUniform()).isFalse();
        assertThat(section.get(5)).isEqualTo(Blocks.AIR);
        assertThat(section.get(6)).isEqualTo(Blocks.STONE);
    }

    @Test
    void isCodedAnewAfterAChange() {
        Section section = Section.uniform(Blocks.STONE);
        section.coded();

        section.set(0, Blocks.DIRT);

        short[] decoded = new short[Section.VOLUME];
        SectionCodec.decode(section.coded(), decoded);
        assertThat(decoded[0]).isEqualTo(Blocks.DIRT);
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
