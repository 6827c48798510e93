package io.gamemesh.benchmark.micro;

import io.gamemesh.core.motion.Matter;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.BulkEdit;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.core.voxel.MutableSection;
import io.gamemesh.core.voxel.Raycast;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.core.voxel.Terrain;
import io.gamemesh.protocol.wire.EditShape;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Blocks of generated hills: read, written, generated, looked at from afar, and replaced by the hundred. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VoxelBenchmark {

    private static final int LEVELS = 8;
    private static final int LOWEST = -4;
    private static final int EYES = 20;
    private static final double FAR = 64;

    private final Generator hills = Generator.named("hills", 42);
    private final Blocks blocks = Blocks.standard();
    private final Terrain terrain = new Terrain(hills, 0, 0, 0, 4096);
    private final MutableSection section = new MutableSection(hills.section(0, -1, 0));
    private final Raycast ray =
            new Raycast((x, y, z) -> blocks.isSolid(terrain.block(x, y, z)) ? Matter.SOLID : Matter.OPEN);
    private int turn;

    /** All 4,096 blocks of a section. */
    @Benchmark
    public int sectionGet4096() {
        int sum = 0;
        for (int i = 0; i < Section.VOLUME; i++) {
            sum += section.get(i);
        }
        return sum;
    }

    /** All 4,096 blocks of a section, to another kind each time that is in its palette. */
    @Benchmark
    public int sectionSet4096() {
        turn++;
        int changed = 0;
        for (int i = 0; i < Section.VOLUME; i++) {
            changed += section.set(i, (short) (1 + ((i + turn) & 3))) ? 1 : 0;
        }
        return changed;
    }

    /** The sections from the deepest caves to the highest trees, one after another, always elsewhere. */
    @Benchmark
    public Section generateHills() {
        turn++;
        return hills.section(turn / LEVELS % 1000, LOWEST + turn % LEVELS, turn / LEVELS / 1000);
    }

    /** A look along the ground, up to 64 m. */
    @Benchmark
    public double raycast64m() {
        turn++;
        double angle = turn % 360 * Math.PI / 180;
        ray.cast(0.5, hills.surface(0, 0) + EYES, 0.5, Math.cos(angle), -0.2, Math.sin(angle), FAR);
        return ray.distance();
    }

    /** A ball of 7,153 blocks, to stone and back. */
    @Benchmark
    public int bulkSphereOfRadius12() {
        turn++;
        EditShape ball = new EditShape.Sphere(0, 40, 0, 12);
        BulkEdit edit = BulkEdit.fill(ball, (turn & 1) == 0 ? Blocks.STONE : Blocks.AIR);
        return terrain.edit(edit, changes -> {});
    }
}
