package io.gamemesh.benchmark.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A {@link PackedPalette} compressed by zlib at level 6. */
final class ZlibCoding implements Coding<byte[]> {

    private static final int LEVEL = 6;

    private final PackedPalette palette = new PackedPalette();
    private final Deflater deflater = new Deflater(LEVEL);
    private final Inflater inflater = new Inflater();
    private final byte[] packed = new byte[PackedPalette.MAX_LENGTH];
    private final byte[] compressed = new byte[2 * PackedPalette.MAX_LENGTH];

    @Override
    public byte[] encode(short[] blocks) {
        deflater.reset();
        deflater.setInput(packed, 0, palette.pack(blocks, packed));
        deflater.finish();
        return Arrays.copyOf(compressed, deflater.deflate(compressed));
    }

    @Override
    public int length(byte[] coded) {
        return coded.length;
    }

    @Override
    public void decode(byte[] coded, short[] blocks) {
        inflater.reset();
        inflater.setInput(coded);
        try {
            inflater.inflate(packed);
        } catch (DataFormatException e) {
            throw new IllegalStateException("zlib does not read what it has written", e);
        }
        palette.unpack(packed, blocks);
    }
}
