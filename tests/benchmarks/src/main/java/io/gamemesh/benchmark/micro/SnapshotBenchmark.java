package io.gamemesh.benchmark.micro;

import io.gamemesh.core.sync.ClientView;
import io.gamemesh.core.sync.OwnState;
import io.gamemesh.core.sync.Scene;
import io.gamemesh.core.sync.Snapshots;
import io.gamemesh.core.sync.SyncSettings;
import io.gamemesh.protocol.wire.EntityKind;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A tick of snapshots for a hundred players who walk within sight of each other and acknowledge a tick later. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SnapshotBenchmark {

    private static final int PLAYERS = 100;
    private static final int TICK_RATE = 20;
    private static final int RANGE = 60 * 1024;

    private final SyncSettings settings = new SyncSettings(1, TICK_RATE, 96, 20_000);
    private final Scene scene = new Scene(settings);
    private final Snapshots snapshots = new Snapshots(settings, scene);
    private final SplittableRandom random = new SplittableRandom(1);
    private final long[] x = random.longs(PLAYERS, 0, RANGE).toArray();
    private final long[] z = random.longs(PLAYERS, 0, RANGE).toArray();
    private final int[] speed = new int[PLAYERS];
    private final ClientView[] views = new ClientView[PLAYERS];
    private final int[] newest = new int[PLAYERS];
    private final OwnState own = new OwnState();
    private final Count count = new Count();
    private long tick;

    private static final class Count implements Snapshots.Sink {
        int bytes;
        int sequence;

        @Override
        public void datagram(ByteBuffer datagram) {
            bytes += datagram.remaining();
            sequence = datagram.getShort(2) & 0xffff;
        }

        @Override
        public void appears(long entityId, int kind, String name) {
            bytes++;
        }
    }

    /** Everybody knows nobody yet. */
    public SnapshotBenchmark() {
        for (int i = 0; i < PLAYERS; i++) {
            views[i] = snapshots.open(0);
        }
    }

    @Benchmark
    public int snapshotsOf100Players() {
        scene.begin(++tick);
        for (int i = 0; i < PLAYERS; i++) {
            if (random.nextInt(10) == 0) {
                speed[i] = random.nextInt(-640, 640);
            }
            x[i] += speed[i] * 8L / TICK_RATE;
            scene.see(i + 1, EntityKind.PLAYER, x[i], 0, z[i], speed[i], 0, 0, i, 0, "");
        }
        scene.end();
        count.bytes = 0;
        for (int i = 0; i < PLAYERS; i++) {
            if (tick > 1) {
                snapshots.acknowledge(views[i], 0, newest[i], -1);
            }
            own.set((int) (x[i] >> 3), 0, (int) (z[i] >> 3), speed[i], 0, 0, true);
            snapshots.send(views[i], scene.number(i + 1), own, tick, count);
            newest[i] = count.sequence;
        }
        return count.bytes;
    }
}
