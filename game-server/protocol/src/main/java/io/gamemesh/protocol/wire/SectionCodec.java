package io.gamemesh.protocol.wire;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * The blocks of one section, 16 x 16 x 16, as a palette of the block ids that occur and, for each block, an index into
 * it in as few bits as there need be. A section of one kind of block is two or three bytes. Block (x, y, z) of the
 * section has index {@code (y * 16 + z) * 16 + x}.
 */
public final class SectionCodec {

    /** Blocks along an edge. */
    public static final int EDGE = 16;

    /** Blocks in a section. */
    public static final int VOLUME = EDGE * EDGE * EDGE;

    /** Greatest length of a coded section: every block another one. */
    public static final int MAX_LENGTH = 2 + VOLUME * 2 + VOLUME * 12 / Byte.SIZE;

    private SectionCodec() {}

    /** Index of a block; the coordinates are within the section, 0 to 15 each. */
    public static int index(int x, int y, int z) {
        return (y * EDGE + z) * EDGE + x;
    }

    /** A section that is {@code block} throughout. */
    public static Bytes uniform(int block) {
        WireWriter out = new WireWriter(4);
        return out.varint(1).varint(block(block)).toBytes();
    }

    /**
     * Codes {@value #VOLUME} block ids. The palette is in the order of first occurrence, so that equal sections are
     * equal bytes. Linear time.
     *
     * @throws IllegalArgumentException if an id is not below {@link Wire#MAX_BLOCKS}, or there are not
     *     {@value #VOLUME}
     */
    public static Bytes encode(short[] blocks) {
        if (blocks.length != VOLUME) {
            throw new IllegalArgumentException(blocks.length + " blocks, expected " + VOLUME);
        }
        short[] indexPlusOne = new short[Wire.MAX_BLOCKS];
        short[] palette = new short[VOLUME];
        int size = 0;
        for (short block : blocks) {
            if (indexPlusOne[block(block)] == 0) {
                palette[size++] = block;
                indexPlusOne[block] = (short) size;
            }
        }
        WireWriter out = new WireWriter(2 + size * 2 + VOLUME * bits(size) / Byte.SIZE);
        out.varint(size);
        for (int i = 0; i < size; i++) {
            out.varint(palette[i]);
        }
        if (size > 1) {
            pack(blocks, indexPlusOne, bits(size), out);
        }
        return out.toBytes();
    }

    /** The one block id of a section that has no other; looks at no more than the palette. */
    public static OptionalInt uniformBlock(Bytes section) {
        WireReader in = new WireReader(section.asReadOnlyBuffer());
        if (in.varint("section palette size", 1, VOLUME) > 1) {
            return OptionalInt.empty();
        }
        int block = (int) in.varint("section palette entry", 0, Wire.MAX_BLOCKS - 1);
        in.end("a uniform section");
        return OptionalInt.of(block);
    }

    /**
     * Decodes into {@code blocks}, which has room for {@value #VOLUME}.
     *
     * @throws WireFormatException if the palette is empty, holds an id twice or out of range, an index points outside
     *     of it, or the length is not what the palette's size demands; {@code blocks} is then undefined
     */
    public static void decode(Bytes section, short[] blocks) {
        ByteBuffer buffer = section.asReadOnlyBuffer();
        WireReader in = new WireReader(buffer);
        int size = (int) in.varint("section palette size", 1, VOLUME);
        short[] palette = new short[size];
        boolean[] seen = new boolean[Wire.MAX_BLOCKS];
        for (int i = 0; i < size; i++) {
            int block = (int) in.varint("section palette entry", 0, Wire.MAX_BLOCKS - 1);
            if (seen[block]) {
                throw WireFormatException.malformed("section palette has block " + block + " twice, expected once");
            }
            seen[block] = true;
            palette[i] = (short) block;
        }
        int bits = bits(size);
        int expected = VOLUME * bits / Byte.SIZE;
        if (in.remaining() != expected) {
            throw WireFormatException.malformed(
                    "section has " + in.remaining() + " bytes of indexes, expected " + expected);
        }
        unpack(buffer, palette, bits, blocks);
    }

    private static void pack(short[] blocks, short[] indexPlusOne, int bits, WireWriter out) {
        long pending = 0;
        int count = 0;
        for (short block : blocks) {
            pending |= (long) (indexPlusOne[block] - 1) << count;
            count += bits;
            for (; count >= Byte.SIZE; count -= Byte.SIZE) {
                out.u8(pending & 0xff);
                pending >>>= Byte.SIZE;
            }
        }
    }

    private static void unpack(ByteBuffer in, short[] palette, int bits, short[] blocks) {
        long pending = 0;
        int count = 0;
        for (int i = 0; i < VOLUME; i++) {
            for (; count < bits; count += Byte.SIZE) {
                pending |= (long) (in.get() & 0xff) << count;
            }
            int index = (int) (pending & (1L << bits) - 1);
            if (index >= palette.length) {
                throw WireFormatException.malformed(
                        "section index of block " + i + " is " + index + ", expected below " + palette.length);
            }
            blocks[i] = palette[index];
            pending >>>= bits;
            count -= bits;
        }
    }

    private static int bits(int paletteSize) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(paletteSize - 1);
    }

    private static int block(int id) {
        if (id < 0 || id >= Wire.MAX_BLOCKS) {
            throw new IllegalArgumentException("block id " + id + ", expected 0 to " + (Wire.MAX_BLOCKS - 1));
        }
        return id;
    }
}
