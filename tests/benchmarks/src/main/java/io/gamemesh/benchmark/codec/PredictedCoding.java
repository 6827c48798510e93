package io.gamemesh.benchmark.codec;

import io.gamemesh.protocol.terrain.SectionDecoder;
import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.wire.Bytes;

/** That of Gamemesh. */
final class PredictedCoding implements Coding<Bytes> {

    private final SectionEncoder encoder = new SectionEncoder();
    private final SectionDecoder decoder = new SectionDecoder();

    @Override
    public Bytes encode(short[] blocks) {
        return encoder.encode(blocks);
    }

    /** What differs from what is generated, or all of it if that is shorter. */
    Bytes encodeOver(short[] blocks, short[] generated) {
        return encoder.encodeOver(blocks, generated);
    }

    @Override
    public int length(Bytes coded) {
        return coded.length();
    }

    @Override
    public void decode(Bytes coded, short[] blocks) {
        decoder.decode(coded, blocks);
    }
}
