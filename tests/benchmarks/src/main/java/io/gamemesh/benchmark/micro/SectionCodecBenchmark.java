package io.gamemesh.benchmark.micro;

import io.gamemesh.protocol.terrain.SectionDecoder;
import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.terrain.SectionShape;
import io.gamemesh.protocol.wire.Bytes;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A section of the surface: stone, some earth, grass on it, air above, in all four kinds of block. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SectionCodecBenchmark {

    private final short[] blocks = new short[SectionShape.VOLUME];
    private final short[] decoded = new short[SectionShape.VOLUME];
    private Bytes coded = new SectionEncoder().uniform(0);
    private final SectionEncoder encoder = new SectionEncoder();
    private final SectionDecoder decoder = new SectionDecoder();

    @Setup
    public void layTerrain() {
        for (int x = 0; x < SectionShape.EDGE; x++) {
            for (int z = 0; z < SectionShape.EDGE; z++) {
                int surface = 8 + (x * 3 + z * 5) % 4;
                for (int y = 0; y < SectionShape.EDGE; y++) {
                    int depth = surface - y;
                    int block = depth < 0 ? 0 : depth == 0 ? 3 : depth < 3 ? 2 : 1;
                    blocks[SectionShape.index(x, y, z)] = (short) block;
                }
            }
        }
        coded = encoder.encode(blocks);
    }

    @Benchmark
    public Bytes sectionEncode() {
        return encoder.encode(blocks);
    }

    @Benchmark
    public short[] sectionDecode() {
        decoder.decode(coded, decoded);
        return decoded;
    }
}
