package io.gamemesh.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SectionCodecTest {

    @Property(tries = 300)
    void decodesWhatItEncoded(@ForAll @IntRange(min = 1, max = 4096) int kinds, @ForAll long seed) {
        short[] blocks = blocks(kinds, seed);
        short[] decoded = new short[SectionCodec.VOLUME];

        Bytes encoded = SectionCodec.encode(blocks);
        SectionCodec.decode(encoded, decoded);

        assertThat(decoded).isEqualTo(blocks);
        assertThat(encoded.length()).isLessThanOrEqualTo(SectionCodec.MAX_LENGTH);
    }

    @Property(tries = 5000)
    void throwsNothingButWireFormatExceptionOnAnyBytes(@ForAll byte[] bytes) {
        try {
            SectionCodec.decode(Bytes.copyOf(bytes), new short[SectionCodec.VOLUME]);
        } catch (WireFormatException expected) {
            assertThat(expected.code()).isEqualTo(CloseCode.MALFORMED);
        }
    }

    @Property(tries = 1000)
    void throwsNothingButWireFormatExceptionOnDamagedSections(
            @ForAll @IntRange(min = 1, max = 300) int kinds, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] damaged = SectionCodec.encode(blocks(kinds, seed)).toArray();
        damaged[random.nextInt(Math.min(damaged.length, 40))] ^= (byte) (1 + random.nextInt(255));

        try {
            SectionCodec.decode(Bytes.copyOf(damaged), new short[SectionCodec.VOLUME]);
        } catch (WireFormatException expected) {
            assertThat(expected.code()).isEqualTo(CloseCode.MALFORMED);
        }
    }

    @Test
    void saysAUniformSectionInTwoBytes() {
        short[] stone = new short[SectionCodec.VOLUME];
        Arrays.fill(stone, (short) 3);

        assertThat(SectionCodec.encode(stone)).isEqualTo(SectionCodec.uniform(3));
        assertThat(SectionCodec.uniform(3).toHex()).isEqualTo("0103");
        assertThat(SectionCodec.uniformBlock(SectionCodec.uniform(3))).hasValue(3);
    }

    @Test
    void seesThatASectionIsNotUniform() {
        assertThat(SectionCodec.uniformBlock(SectionCodec.encode(blocks(2, 1)))).isEmpty();
    }

    @Test
    void refusesAPaletteThatHasABlockTwice() {
        Bytes section = Bytes.copyOf(HexFormat.of().parseHex("020505" + "00".repeat(512)));

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> SectionCodec.decode(section, new short[SectionCodec.VOLUME]))
                .withMessage("section palette has block 5 twice, expected once");
    }

    @Test
    void refusesAnIndexOutsideOfThePalette() {
        Bytes section = Bytes.copyOf(HexFormat.of().parseHex("03010203" + "ff".repeat(1024)));

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> SectionCodec.decode(section, new short[SectionCodec.VOLUME]))
                .withMessage("section index of block 0 is 3, expected below 3");
    }

    @Test
    void refusesToEncodeABlockIdOutOfRange() {
        short[] blocks = new short[SectionCodec.VOLUME];
        blocks[7] = 4096;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SectionCodec.encode(blocks))
                .withMessage("block id 4096, expected 0 to 4095");
    }

    private static short[] blocks(int kinds, long seed) {
        Random random = new Random(seed);
        short[] blocks = new short[SectionCodec.VOLUME];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = (short) random.nextInt(kinds);
        }
        return blocks;
    }
}
