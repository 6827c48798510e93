package io.gamemesh.fuzzing;

import io.gamemesh.protocol.terrain.SectionDecoder;
import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.terrain.SectionShape;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.Wire;
import java.util.Arrays;
import java.util.List;

/** Coded sections, over a generated one whose lower half is stone: what was decoded can be coded, and is then the same. */
final class SectionTarget implements Target<short[]> {

    private final SectionDecoder decoder = new SectionDecoder();
    private final SectionEncoder encoder = new SectionEncoder();
    private final short[] generated = halfStone();
    private final short[] blocks = new short[SectionShape.VOLUME];
    private final short[] again = new short[SectionShape.VOLUME];
    private final List<byte[]> seeds;

    SectionTarget(List<Bytes> seeds) {
        this.seeds = seeds.stream().map(Bytes::toArray).toList();
    }

    static short[] halfStone() {
        short[] blocks = new short[SectionShape.VOLUME];
        Arrays.fill(blocks, 0, SectionShape.VOLUME / 2, (short) 1);
        return blocks;
    }

    @Override
    public String name() {
        return "section";
    }

    @Override
    public short[] decode(byte[] input) {
        System.arraycopy(generated, 0, blocks, 0, blocks.length);
        decoder.decode(Bytes.copyOf(input), blocks);
        return blocks;
    }

    @Override
    public void check(byte[] input, short[] value) {
        short[] first = value.clone();
        for (short block : first) {
            if (block < 0 || block >= Wire.MAX_BLOCKS) {
                throw new AssertionError("section has block " + block);
            }
        }
        decoder.decode(encoder.encode(first), again);
        requireSame(first, "coded whole");
        System.arraycopy(generated, 0, again, 0, again.length);
        decoder.decode(encoder.encodeOver(first, generated), again);
        requireSame(first, "coded over what is generated");
    }

    private void requireSame(short[] first, String how) {
        int at = Arrays.mismatch(first, again);
        if (at >= 0) {
            throw new AssertionError("block " + at + " is " + first[at] + ", and " + again[at] + " when " + how);
        }
    }

    @Override
    public long mostAllocated(int length) {
        return 2048 + 2L * length;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }
}
