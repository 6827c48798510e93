package io.gamemesh.benchmark.micro;

import io.gamemesh.protocol.wire.SnapshotWriter;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What one player is sent each tick who sees a hundred others within a hundred metres. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SnapshotBenchmark {

    private static final int ENTITIES = 100;
    private static final int DATAGRAM = 1200;
    private static final int RANGE = 100 * 128;

    private final SnapshotWriter writer = new SnapshotWriter();
    private final ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM);
    private final int[] offsets =
            new SplittableRandom(1).ints(3L * ENTITIES, -RANGE, RANGE).toArray();

    @Benchmark
    public int snapshotOf100Entities() {
        int bytes = 0;
        writer.begin(1, 1_000_000, 1_000_000, 0, 0, 0, 500, 0, -500);
        writer.beginPart(buffer.clear());
        for (int i = 0; i < ENTITIES; i++) {
            if (!add(i)) {
                bytes += writer.endPart(false).remaining();
                writer.beginPart(buffer.clear());
                add(i);
            }
        }
        return bytes + writer.endPart(true).remaining();
    }

    private boolean add(int i) {
        return writer.entity(i, 1, offsets[3 * i], offsets[3 * i + 1], offsets[3 * i + 2], i, i % 64);
    }
}
