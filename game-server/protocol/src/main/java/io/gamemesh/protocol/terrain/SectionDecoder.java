package io.gamemesh.protocol.terrain;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Decodes sections. Strict: it refuses what a {@link SectionEncoder} would not have written in that form. Time is
 * bounded by the 4,096 blocks of a section and all memory is allocated when the decoder is, whatever the input. Not
 * thread-safe: one for each thread.
 */
public final class SectionDecoder {

    /** Greatest length of a coded section, header included: of one in which nearly every block is another one. */
    public static final int MAX_LENGTH = Wire.MAX_SECTION;

    static final int DIRECT_BITS = 12;
    static final int DIRECT_LENGTH = MAX_LENGTH - SectionForm.HEADER;
    static final int MOST_SYMBOLS = 256;
    static final int CODE_BITS = 4;
    static final int COUNT_ORDER = 5;
    static final int PALETTE_SIZE_ORDER = 2;
    static final int PALETTE_ENTRY_ORDER = 3;

    private final BitReader bits = new BitReader(MAX_LENGTH);
    private final byte[] input = bits.bytes();
    private final short[] palette = new short[Neighbours.VOLUME];
    private final boolean[] occurs = new boolean[Neighbours.VOLUME];
    private final short[] changes = new short[Neighbours.VOLUME];
    private final Foretold foretold = new Foretold(bits);

    /**
     * The one block id of a section in the form {@link SectionForm#UNIFORM}; looks no further than its header in any
     * other.
     *
     * @throws WireFormatException if the header, or a uniform section, is not allowed
     */
    public static OptionalInt uniformBlock(Bytes section) {
        ByteBuffer buffer = section.asReadOnlyBuffer();
        if (SectionForm.of(buffer) != SectionForm.UNIFORM) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(uniformBlock(buffer));
    }

    private static int uniformBlock(ByteBuffer section) {
        WireReader in = new WireReader(section.position(SectionForm.HEADER));
        int block = in.u16("section block");
        if (block >= Wire.MAX_BLOCKS) {
            throw SectionForm.malformed("section block is " + block + ", expected 0 to " + (Wire.MAX_BLOCKS - 1));
        }
        in.end("a uniform section");
        return block;
    }

    /**
     * Decodes a section.
     *
     * @param blocks gets its 4,096 block ids; where the form {@linkplain SectionForm#needsGenerator needs the
     *     generator} it already has what that makes, otherwise its content does not matter
     * @throws WireFormatException if the section is not exactly as a {@link SectionEncoder} writes one in that form:
     *     another version, truncated, overlong, ids out of range, not in its one valid notation; {@code blocks} is then
     *     undefined
     */
    public void decode(Bytes section, short[] blocks) {
        if (blocks.length != Neighbours.VOLUME) {
            throw new IllegalArgumentException(blocks.length + " blocks, expected " + Neighbours.VOLUME);
        }
        int length = section.length();
        if (length > MAX_LENGTH) {
            throw SectionForm.malformed("section has " + length + " bytes, expected at most " + MAX_LENGTH);
        }
        ByteBuffer buffer = section.asReadOnlyBuffer();
        SectionForm form = SectionForm.of(buffer);
        buffer.get(0, input, 0, length);
        switch (form) {
            case UNIFORM -> Arrays.fill(blocks, (short) uniformBlock(buffer));
            case PACKED -> unpack(buffer, blocks);
            case DIRECT -> direct(length, blocks);
            case PREDICTED -> foretold.read(length, 0, blocks);
            case CHANGES -> change(length, blocks);
            case UNTOUCHED -> {
                if (length != SectionForm.HEADER) {
                    throw SectionForm.malformed(
                            "untouched section has " + (length - SectionForm.HEADER) + " bytes, expected none");
                }
            }
        }
    }

    private void change(int length, short[] blocks) {
        foretold.read(length, Foretold.UNCHANGED, changes);
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = changes[i] == Foretold.UNCHANGED ? blocks[i] : changes[i];
        }
    }

    private void unpack(ByteBuffer buffer, short[] blocks) {
        WireReader in = new WireReader(buffer.position(SectionForm.HEADER));
        int kinds = (int) in.varint("section palette size", 2, Neighbours.VOLUME);
        int before = -1;
        for (int i = 0; i < kinds; i++) {
            before = (int) in.varint("section palette entry", before + 1, Wire.MAX_BLOCKS - 1);
            palette[i] = (short) before;
        }
        int indexBits = bits(kinds);
        int expected = Neighbours.VOLUME * indexBits / Byte.SIZE;
        if (in.remaining() != expected) {
            throw SectionForm.malformed("section has " + in.remaining() + " bytes of indexes, expected " + expected);
        }
        if (buffer.limit() == MAX_LENGTH) {
            throw SectionForm.malformed("packed section has " + MAX_LENGTH + " bytes, expected it to be direct");
        }
        Arrays.fill(occurs, 0, kinds, false);
        int at = buffer.position();
        int pending = 0;
        int count = 0;
        for (int i = 0; i < Neighbours.VOLUME; i++) {
            for (; count < indexBits; count += Byte.SIZE) {
                pending |= (input[at++] & 0xff) << count;
            }
            int index = pending & ((1 << indexBits) - 1);
            if (index >= kinds) {
                throw SectionForm.malformed(
                        "section index of block " + i + " is " + index + ", expected below " + kinds);
            }
            occurs[index] = true;
            blocks[i] = palette[index];
            pending >>>= indexBits;
            count -= indexBits;
        }
        requireAllOccur(kinds);
    }

    private void direct(int length, short[] blocks) {
        if (length != MAX_LENGTH) {
            throw SectionForm.malformed(
                    "direct section has " + (length - SectionForm.HEADER) + " bytes, expected " + DIRECT_LENGTH);
        }
        int at = SectionForm.HEADER;
        for (int i = 0; i < Neighbours.VOLUME; i += 2) {
            int pair = ((input[at] & 0xff) << 16) | ((input[at + 1] & 0xff) << 8) | (input[at + 2] & 0xff);
            blocks[i] = (short) (pair >>> DIRECT_BITS);
            blocks[i + 1] = (short) (pair & ((1 << DIRECT_BITS) - 1));
            at += 3;
        }
    }

    private void requireAllOccur(int count) {
        for (int i = 0; i < count; i++) {
            if (!occurs[i]) {
                throw SectionForm.malformed("section has no block of palette entry " + i + ", expected one at least");
            }
        }
    }

    static int bits(int symbols) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(symbols - 1);
    }

    /** Bytes of a packed section after the header. */
    static int packedLength(short[] palette, int kinds) {
        int length = varintLength(kinds) + Neighbours.VOLUME * bits(kinds) / Byte.SIZE;
        for (int i = 0; i < kinds; i++) {
            length += varintLength(palette[i]);
        }
        return length;
    }

    private static int varintLength(int value) {
        return value < 1 << 6 ? 1 : 2;
    }
}
