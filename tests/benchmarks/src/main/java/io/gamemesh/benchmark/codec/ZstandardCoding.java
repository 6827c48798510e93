package io.gamemesh.benchmark.codec;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.util.Arrays;

/** A {@link PackedPalette} compressed by Zstandard at level 3. */
final class ZstandardCoding implements Coding<byte[]> {

    private static final int LEVEL = 3;

    private final PackedPalette palette = new PackedPalette();
    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final byte[] packed = new byte[PackedPalette.MAX_LENGTH];
    private final byte[] compressed = new byte[2 * PackedPalette.MAX_LENGTH];

    @Override
    public byte[] encode(short[] blocks) {
        int length = palette.pack(blocks, packed);
        int coded = compressor.compressByteArray(compressed, 0, compressed.length, packed, 0, length);
        return Arrays.copyOf(compressed, coded);
    }

    @Override
    public int length(byte[] coded) {
        return coded.length;
    }

    @Override
    public void decode(byte[] coded, short[] blocks) {
        decompressor.decompressByteArray(packed, 0, packed.length, coded, 0, coded.length);
        palette.unpack(packed, blocks);
    }
}
