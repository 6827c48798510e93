package io.gamemesh.protocol.terrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.WireFormatException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SectionCodingTest {

    private final SectionEncoder encoder = new SectionEncoder();
    private final SectionDecoder decoder = new SectionDecoder();

    @Property(tries = 500)
    void decodesNoise(@ForAll @IntRange(min = 1, max = 4096) int kinds, @ForAll long seed) {
        short[] blocks = noise(kinds, seed);

        Bytes coded = encoder.encode(blocks);

        assertThat(decoded(coded, new short[SectionShape.VOLUME])).isEqualTo(blocks);
        assertThat(coded.length()).isLessThanOrEqualTo(SectionDecoder.MAX_LENGTH);
    }

    @Property(tries = 1000)
    void decodesTerrain(
            @ForAll @IntRange(min = 2, max = 300) int kinds,
            @ForAll @IntRange(max = 200) int boxes,
            @ForAll @IntRange(max = 200) int single,
            @ForAll long seed) {
        short[] blocks = built(new short[SectionShape.VOLUME], kinds, boxes, single, seed);

        Bytes coded = encoder.encode(blocks);

        assertThat(decoded(coded, new short[SectionShape.VOLUME])).isEqualTo(blocks);
    }

    @Property(tries = 1000)
    void decodesWhatHasChanged(
            @ForAll @IntRange(min = 2, max = 300) int kinds,
            @ForAll @IntRange(max = 40) int boxes,
            @ForAll @IntRange(max = 200) int single,
            @ForAll long seed) {
        short[] generated = built(new short[SectionShape.VOLUME], 5, 20, 50, seed);
        short[] blocks = built(generated.clone(), kinds, boxes, single, ~seed);

        Bytes coded = encoder.encodeOver(blocks, generated);

        assertThat(decoded(coded, generated.clone())).isEqualTo(blocks);
        assertThat(coded.length()).isLessThanOrEqualTo(encoder.encode(blocks).length());
    }

    @Property(tries = 300)
    void isTheSameAgain(@ForAll @IntRange(min = 2, max = 20) int kinds, @ForAll long seed) {
        short[] blocks = built(new short[SectionShape.VOLUME], kinds, 20, 20, seed);
        Bytes first = encoder.encode(blocks);

        encoder.encode(noise(30, seed));
        decoder.decode(first, new short[SectionShape.VOLUME]);

        assertThat(encoder.encode(blocks)).isEqualTo(first);
        assertThat(new SectionEncoder().encode(blocks)).isEqualTo(first);
    }

    @Property(tries = 200)
    void isAtMostOneHundredthLongerThanPackedBits(@ForAll @IntRange(min = 2, max = 1024) int kinds, @ForAll long seed) {
        short[] blocks = noise(kinds, seed);
        int palette = (int) Arrays.stream(toInts(blocks)).distinct().count();
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(palette - 1);

        Bytes coded = encoder.encode(blocks);

        double packed = 2 + 2 * palette + SectionShape.VOLUME * bits / 8.0;
        assertThat((double) coded.length()).isLessThanOrEqualTo(1.01 * packed);
    }

    @Property(tries = 40)
    void refusesTruncationAtEachByte(@ForAll @IntRange(min = 2, max = 40) int kinds, @ForAll long seed) {
        byte[] whole = encoder.encode(built(new short[SectionShape.VOLUME], kinds, 10, 10, seed))
                .toArray();

        for (int length = 0; length < whole.length; length++) {
            byte[] truncated = Arrays.copyOf(whole, length);
            assertRefused(truncated);
            if (length >= SectionForm.HEADER) {
                assertRefused(withLength(truncated));
            }
        }
    }

    @Property(tries = 200)
    void refusesBytesThatFollow(
            @ForAll @IntRange(min = 1, max = 2000) int kinds, @ForAll byte extra, @ForAll long seed) {
        byte[] whole = encoder.encode(noise(kinds, seed)).toArray();
        byte[] overlong = Arrays.copyOf(whole, whole.length + 1);
        overlong[whole.length] = extra;

        assertRefused(overlong);
        assertRefused(withLength(overlong));
    }

    @Property(tries = 20_000)
    void throwsNothingButWireFormatExceptionOnAnyBytes(@ForAll byte[] body, @ForAll @IntRange(max = 5) int form) {
        byte[] section = new byte[SectionForm.HEADER + body.length];
        section[0] = SectionForm.VERSION;
        section[1] = (byte) form;
        System.arraycopy(body, 0, section, SectionForm.HEADER, body.length);

        decodesOrRefuses(body);
        decodesOrRefuses(withLength(section));
    }

    @Property(tries = 2000)
    void throwsNothingButWireFormatExceptionOnTheLongestSections(
            @ForAll @IntRange(min = 1, max = 5) int form,
            @ForAll @IntRange(min = 5500, max = SectionDecoder.MAX_LENGTH) int length,
            @ForAll @IntRange(min = 1, max = 64) int bitsApart,
            @ForAll long seed) {
        Random random = new Random(seed);
        byte[] section = new byte[length];
        for (int bit = 0; bit < length * Byte.SIZE; bit += 1 + random.nextInt(bitsApart)) {
            section[bit >>> 3] |= (byte) (0x80 >>> (bit & 7));
        }
        section[0] = SectionForm.VERSION;
        section[1] = (byte) form;

        decodesOrRefuses(withLength(section));
    }

    @Property(tries = 10_000)
    void throwsNothingButWireFormatExceptionOnDamage(
            @ForAll @IntRange(min = 2, max = 30) int kinds,
            @ForAll @IntRange(min = 1, max = 8) int flips,
            @ForAll long seed) {
        Random random = new Random(seed);
        short[] generated = built(new short[SectionShape.VOLUME], kinds, 10, 10, seed);
        short[] blocks = built(generated.clone(), kinds, 5, 5, ~seed);
        Bytes coded = random.nextBoolean() ? encoder.encode(blocks) : encoder.encodeOver(blocks, generated);
        byte[] damaged = coded.toArray();
        for (int i = 0; i < flips; i++) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }

        decodesOrRefuses(damaged);
    }

    @Test
    void saysAUniformSectionInSevenBytes() {
        short[] stone = new short[SectionShape.VOLUME];
        Arrays.fill(stone, (short) 3);

        assertThat(encoder.encode(stone)).isEqualTo(encoder.uniform(3));
        assertThat(encoder.uniform(3).toHex()).isEqualTo("01000000020003");
        assertThat(SectionDecoder.uniformBlock(encoder.uniform(3))).hasValue(3);
    }

    @Test
    void saysAnUntouchedSectionInItsHeader() {
        short[] blocks = noise(20, 1);

        Bytes coded = encoder.encodeOver(blocks, blocks.clone());

        assertThat(coded.toHex()).isEqualTo("0105000000");
        assertThat(SectionForm.of(coded).needsGenerator()).isTrue();
        assertThat(decoded(coded, blocks.clone())).isEqualTo(blocks);
    }

    @Test
    void seesThatASectionIsNotUniform() {
        assertThat(SectionDecoder.uniformBlock(encoder.encode(noise(2, 1)))).isEmpty();
    }

    @Test
    void refusesAnotherVersion() {
        assertRefused("02000000020003", "section version is 2, expected 1");
    }

    @Test
    void refusesAnUnknownForm() {
        assertRefused("01060000020003", "section flags are 6, expected 0 to 5");
    }

    @Test
    void refusesAnotherLengthThanFollows() {
        assertRefused("01000000030003", "section length is 3, expected the 2 bytes that follow");
    }

    @Test
    void refusesAUniformBlockOutOfRange() {
        assertRefused("01000000021000", "section block is 4096, expected 0 to 4095");
    }

    @Test
    void refusesAPackedPaletteOutOfOrder() {
        assertRefused("0101000203020505" + "00".repeat(512), "section palette entry is 5, expected 6 to 4095");
    }

    @Test
    void refusesAnIndexOutsideOfThePalette() {
        assertRefused("010100040403010203" + "ff".repeat(1024), "section index of block 0 is 3, expected below 3");
    }

    @Test
    void refusesAPaletteEntryThatDoesNotOccur() {
        assertRefused(
                "0101000203020506" + "00".repeat(512),
                "section has no block of palette entry 1, expected one at least");
    }

    @Test
    void refusesToEncodeABlockIdOutOfRange() {
        short[] blocks = new short[SectionShape.VOLUME];
        blocks[7] = 4096;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoder.encode(blocks))
                .withMessage("block id 4096, expected 0 to 4095");
    }

    private void assertRefused(String hex, String message) {
        Bytes section = Bytes.copyOf(HexFormat.of().parseHex(hex));

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> decoder.decode(section, new short[SectionShape.VOLUME]))
                .withMessage(message);
    }

    private void assertRefused(byte[] section) {
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> decoder.decode(Bytes.copyOf(section), new short[SectionShape.VOLUME]));
    }

    private void decodesOrRefuses(byte[] section) {
        short[] blocks = new short[SectionShape.VOLUME];
        try {
            decoder.decode(Bytes.copyOf(section), blocks);
        } catch (WireFormatException refused) {
            assertThat(refused.code()).isEqualTo(CloseCode.MALFORMED);
            return;
        }
        for (short block : blocks) {
            assertThat(block).isBetween((short) 0, (short) 4095);
        }
    }

    private short[] decoded(Bytes coded, short[] before) {
        decoder.decode(coded, before);
        return before;
    }

    private static byte[] withLength(byte[] section) {
        byte[] fitted = section.clone();
        int length = section.length - SectionForm.HEADER;
        fitted[2] = (byte) (length >>> 16);
        fitted[3] = (byte) (length >>> 8);
        fitted[4] = (byte) length;
        return fitted;
    }

    private static int[] toInts(short[] blocks) {
        int[] ints = new int[blocks.length];
        for (int i = 0; i < blocks.length; i++) {
            ints[i] = blocks[i];
        }
        return ints;
    }

    private static short[] noise(int kinds, long seed) {
        Random random = new Random(seed);
        short[] blocks = new short[SectionShape.VOLUME];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = (short) random.nextInt(kinds);
        }
        return blocks;
    }

    private static short[] built(short[] blocks, int kinds, int boxes, int single, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < boxes; i++) {
            short block = (short) random.nextInt(kinds);
            int fromX = random.nextInt(SectionShape.EDGE);
            int fromY = random.nextInt(SectionShape.EDGE);
            int fromZ = random.nextInt(SectionShape.EDGE);
            for (int y = fromY; y < Math.min(SectionShape.EDGE, fromY + 5); y++) {
                for (int z = fromZ; z < Math.min(SectionShape.EDGE, fromZ + 6); z++) {
                    for (int x = fromX; x < Math.min(SectionShape.EDGE, fromX + 7); x++) {
                        blocks[SectionShape.index(x, y, z)] = block;
                    }
                }
            }
        }
        for (int i = 0; i < single; i++) {
            blocks[random.nextInt(blocks.length)] = (short) random.nextInt(kinds);
        }
        return blocks;
    }
}
