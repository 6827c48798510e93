package io.gamemesh.benchmark.micro;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.SectionCodec;
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

    private final short[] blocks = new short[SectionCodec.VOLUME];
    private final short[] decoded = new short[SectionCodec.VOLUME];
    private Bytes coded = SectionCodec.uniform(0);

    @Setup
    public void layTerrain() {
        for (int x = 0; x < SectionCodec.EDGE; x++) {
            for (int z = 0; z < SectionCodec.EDGE; z++) {
                int surface = 8 + (x * 3 + z * 5) % 4;
                for (int y = 0; y < SectionCodec.EDGE; y++) {
                    int depth = surface - y;
                    int block = depth < 0 ? 0 : depth == 0 ? 3 : depth < 3 ? 2 : 1;
                    blocks[SectionCodec.index(x, y, z)] = (short) block;
                }
            }
        }
        coded = SectionCodec.encode(blocks);
    }

    @Benchmark
    public Bytes sectionEncode() {
        return SectionCodec.encode(blocks);
    }

    @Benchmark
    public short[] sectionDecode() {
        SectionCodec.decode(coded, decoded);
        return decoded;
    }
}
