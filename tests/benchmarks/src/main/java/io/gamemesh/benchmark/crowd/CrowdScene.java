package io.gamemesh.benchmark.crowd;

import com.sun.management.ThreadMXBean;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionSink;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Acknowledged;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Parts.Part;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One region of 2,048 m with players who walk about on hills: a fifth of them within a disc of 100 m across, the others
 * anywhere. Each strolls round a place of its own in curves, now and then stands still, sprints or jumps. Their clients
 * have what they are sent two ticks later and lose nothing. Terrain is not sent; it is generated beforehand wherever
 * they may walk, as it is on a server that has sent it to them. A process of its own: arguments are players, tick rate,
 * ticks to warm up and ticks to measure, and {@code vr} if all are in the crowd, look about and wave their hands; prints
 * one line, see {@link CrowdFigures}.
 */
final class CrowdScene implements RegionSink {

    private static final int EDGE = 2048;
    private static final double CROWD_RADIUS = 50;
    private static final double STROLL_RADIUS = 15;
    private static final int ONE_IN = 5;
    private static final int SEQUENCE_AT = 2;
    private static final int WITNESSES = 16;
    private static final double NEAR = 20;
    // What all walk on stays at hand.
    private static final int CACHED_SECTIONS = 1 << 18;
    private static final double SURVEYED_METRES = 3 * STROLL_RADIUS;
    private static final int SURVEYED_DEPTH = 18;
    private static final int SURVEYOR = 0;
    // All that a client can be sent in a tick, and more.
    private static final int HEARD_BYTES = 64 << 10;

    private final int players;
    private final int tickRate;
    private final boolean vr;
    private final SplittableRandom random = new SplittableRandom(2048);
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Generator generator = new Raised(Generator.named("hills", 42));
    private final RegionEngine engine;

    private final double[] homeX;
    private final double[] homeZ;
    private final double[] x;
    private final double[] z;
    private final double[] heading;
    private final double[] turning;
    private final double[] speed;
    // Of each session's newest datagram now, and one tick ago; -1 if there is none yet.
    private final int[] newest;
    private final int[] acknowledged;
    private final List<RegionInput> inputs = new ArrayList<>();
    private final @Nullable Witness[] witnesses;
    private final int[] witnessed = new int[WITNESSES];
    private int witnessCount;
    private long tick;
    private long bytes;
    private long looks;
    private boolean looking;

    /** Some way up, so that valleys are not below the region. */
    private record Raised(Generator generator) implements Generator {
        private static final int SECTIONS = 4;

        @Override
        public Section section(int sectionX, int sectionY, int sectionZ) {
            return generator.section(sectionX, sectionY - SECTIONS, sectionZ);
        }

        @Override
        public int surface(int x, int z) {
            return generator.surface(x, z) + SECTIONS * Section.EDGE;
        }
    }

    /** A client of the crowd that decodes what it gets, to compare with what the others know of themselves. */
    private final class Witness implements SnapshotDecoder.Listener {

        final SnapshotDecoder decoder = new SnapshotDecoder(tickRate);
        final Map<Long, EntityTrack> sees = new HashMap<>();
        private final ByteBuffer heard = ByteBuffer.allocate(HEARD_BYTES);

        /** Keeps a datagram until {@link #read}: what a client makes of it is not the region's work. */
        void hear(ByteBuffer datagram) {
            heard.putShort((short) datagram.remaining()).put(datagram);
        }

        void read() {
            heard.flip();
            while (heard.hasRemaining()) {
                int length = heard.getShort();
                decoder.decode(heard.slice(heard.position(), length), this);
                heard.position(heard.position() + length);
            }
            heard.clear();
        }

        @Override
        public void appeared(EntityTrack entity) {
            if (entity.kind() == EntityKind.PLAYER) {
                sees.put(entity.id(), entity);
            }
        }

        @Override
        public void changed(EntityTrack entity) {
            // The track is the same one.
        }

        @Override
        public void gone(EntityTrack entity) {
            sees.remove(entity.id(), entity);
        }

        double at(int axis) {
            return decoder.selfPosition(axis) / 128.0;
        }
    }

    private CrowdScene(int players, int tickRate, boolean vr) {
        this.players = players;
        this.tickRate = tickRate;
        this.vr = vr;
        RegionSettings.Limits standard = RegionSettings.Limits.standard();
        RegionSettings.Limits limits = new RegionSettings.Limits(
                standard.maxEntities(),
                standard.maxEdits(),
                standard.maxNameBytes(),
                standard.editsPerSecond(),
                standard.bulkEditBlocks(),
                standard.snapshotBytesPerSecond(),
                0,
                0,
                CACHED_SECTIONS,
                standard.graceSeconds(),
                standard.viewRadius());
        engine = RegionEngine.fresh(
                new RegionSettings(
                        new WorldGeometry(EDGE, 512, 100, null),
                        RegionId.of(0, 0, 0, 0),
                        Blocks.standard(),
                        generator,
                        tickRate,
                        limits),
                1);
        witnesses = new Witness[players + 1];
        homeX = new double[players + 1];
        homeZ = new double[players + 1];
        x = new double[players + 1];
        z = new double[players + 1];
        heading = new double[players + 1];
        turning = new double[players + 1];
        speed = new double[players + 1];
        newest = new int[players + 1];
        acknowledged = new int[players + 1];
        Arrays.fill(newest, -1);
        Arrays.fill(acknowledged, -1);
        for (int player = 1; player <= players; player++) {
            join(player);
        }
        survey();
    }

    /** Somebody looks at the ground of all sections where players may walk, and leaves before the first tick ends. */
    private void survey() {
        int sections = EDGE / Section.EDGE;
        boolean[] near = new boolean[sections * sections];
        for (int player = 1; player <= players; player++) {
            int lastX = section(homeX[player] + SURVEYED_METRES, sections);
            int lastZ = section(homeZ[player] + SURVEYED_METRES, sections);
            for (int z = section(homeZ[player] - SURVEYED_METRES, sections); z <= lastZ; z++) {
                for (int x = section(homeX[player] - SURVEYED_METRES, sections); x <= lastX; x++) {
                    near[z * sections + x] = true;
                }
            }
        }
        for (int i = 0; i < near.length; i++) {
            if (near[i]) {
                survey(i % sections * Section.EDGE, i / sections * Section.EDGE);
            }
        }
    }

    private static int section(double metres, int sections) {
        return Math.clamp((int) metres / Section.EDGE, 0, sections - 1);
    }

    private void survey(int cornerX, int cornerZ) {
        int lowest = Integer.MAX_VALUE;
        int highest = Integer.MIN_VALUE;
        for (int z = cornerZ; z < cornerZ + Section.EDGE; z++) {
            for (int x = cornerX; x < cornerX + Section.EDGE; x++) {
                int surface = generator.surface(x, z);
                lowest = Math.min(lowest, surface);
                highest = Math.max(highest, surface);
            }
        }
        double middleX = cornerX + Section.EDGE / 2.0;
        double middleZ = cornerZ + Section.EDGE / 2.0;
        for (int y = lowest - SURVEYED_DEPTH; y < highest + SURVEYED_DEPTH; y += Section.EDGE) {
            look(new Vec3(middleX, y, middleZ));
        }
        look(new Vec3(middleX, highest + SURVEYED_DEPTH, middleZ));
    }

    private void look(Vec3 place) {
        EntityId entity = EntityId.of(2, ++looks);
        engine.accept(new RegionInput.Join(
                SURVEYOR, entity, "surveyor", "surveyor", Optional.of(new RegionInput.Claim(entity, 0, place))));
        engine.accept(new RegionInput.Disconnected(SURVEYOR, true));
    }

    /** Arguments as above. */
    public static void main(String[] arguments) {
        CrowdScene scene =
                new CrowdScene(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), arguments.length == 5);
        System.out.println(scene.measure(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3])));
    }

    private void join(int player) {
        if (vr || player % ONE_IN == 0) {
            double angle = random.nextDouble(2 * Math.PI);
            double distance = CROWD_RADIUS * Math.sqrt(random.nextDouble());
            homeX[player] = EDGE / 2.0 + distance * Math.cos(angle);
            homeZ[player] = EDGE / 2.0 + distance * Math.sin(angle);
            if (witnessCount < WITNESSES) {
                witnesses[player] = new Witness();
                witnessed[witnessCount++] = player;
            }
        } else {
            homeX[player] = random.nextDouble(STROLL_RADIUS * 2, EDGE - STROLL_RADIUS * 2);
            homeZ[player] = random.nextDouble(STROLL_RADIUS * 2, EDGE - STROLL_RADIUS * 2);
        }
        x[player] = homeX[player];
        z[player] = homeZ[player];
        heading[player] = random.nextDouble(2 * Math.PI);
        EntityId entity = EntityId.of(1, player);
        Vec3 place =
                new Vec3(homeX[player], generator.surface((int) homeX[player], (int) homeZ[player]), homeZ[player]);
        engine.accept(new RegionInput.Join(
                player,
                entity,
                "id-" + player,
                "player-" + player,
                Optional.of(new RegionInput.Claim(entity, 0, place))));
    }

    private CrowdFigures measure(int warmUpTicks, int ticks) {
        for (int i = 0; i < warmUpTicks; i++) {
            step();
        }
        long[] nanos = new long[ticks];
        long[] cpuNanos = new long[ticks];
        double[] errors = new double[ticks * WITNESSES * WITNESSES];
        int seen = 0;
        bytes = 0;
        long cpu = 0;
        long allocated = 0;
        long thread = Thread.currentThread().threadId();
        for (int i = 0; i < ticks; i++) {
            prepare();
            long allocatedBefore = threads.getThreadAllocatedBytes(thread);
            long cpuBefore = threads.getCurrentThreadCpuTime();
            long before = System.nanoTime();
            work();
            nanos[i] = System.nanoTime() - before;
            cpuNanos[i] = threads.getCurrentThreadCpuTime() - cpuBefore;
            cpu += cpuNanos[i];
            allocated += threads.getThreadAllocatedBytes(thread) - allocatedBefore;
            read();
            seen = compare(errors, seen);
        }
        if (engine.stats().players() != players) {
            throw new IllegalStateException("%d of %d players are in the region"
                    .formatted(engine.stats().players(), players));
        }
        Arrays.sort(nanos);
        Arrays.sort(cpuNanos);
        double[] sorted = Arrays.copyOf(errors, seen);
        Arrays.sort(sorted);
        return new CrowdFigures(
                cpu / 1e3 / ticks / players,
                nanos[ticks / 2] / 1e6,
                nanos[ticks * 99 / 100] / 1e6,
                nanos[(int) (ticks * 999L / 1000)] / 1e6,
                cpuNanos[ticks * 99 / 100] / 1e6,
                bytes / (double) players / ticks * tickRate,
                (double) allocated / ticks,
                seen == 0 ? 0 : sorted[seen * 99 / 100]);
    }

    private void step() {
        prepare();
        work();
        read();
    }

    /** What clients say, made before the clock runs. */
    private void prepare() {
        tick++;
        inputs.clear();
        for (int player = 1; player <= players; player++) {
            stroll(player);
            Acknowledged has =
                    acknowledged[player] < 0 ? Acknowledged.NOTHING : new Acknowledged(0, acknowledged[player], -1);
            acknowledged[player] = newest[player];
            int flags = random.nextInt(100 * tickRate) == 0 ? InputDatagram.JUMP : 0;
            Input input = Input.of(
                    tick,
                    -Math.sin(heading[player]) * speed[player],
                    0,
                    -Math.cos(heading[player]) * speed[player],
                    heading[player],
                    0,
                    flags);
            inputs.add(new RegionInput.Move(player, new InputDatagram(has, List.of(input), vr ? parts(player) : null)));
        }
    }

    /** Two seconds for a wave of the hand, five for a look about; not all in step. */
    private Parts parts(int player) {
        double seconds = (double) tick / tickRate + player;
        double look = 0.5 * Math.sin(seconds * 2 * Math.PI / 5);
        double wave = Math.sin(seconds * Math.PI);
        return new Parts(
                Part.of(0.03 * look, 1.7, -0.1, 0, Math.sin(look), 0, Math.cos(look)),
                Part.of(-0.4, 1.0 + 0.2 * wave, -0.3, 0.4 * wave, 0, 0, 1),
                Part.of(0.4 + 0.3 * wave, 1.3, -0.3 - 0.1 * look, 0, 0.3, 0.5 * wave, 1));
    }

    private void stroll(int player) {
        if (random.nextInt(3 * tickRate) == 0) {
            speed[player] = random.nextInt(5) == 0 ? 0 : random.nextDouble(2, 5);
        }
        turning[player] += (random.nextDouble(-1, 1) * 6 - turning[player]) / tickRate;
        double homeward = Math.atan2(x[player] - homeX[player], z[player] - homeZ[player]);
        double away = Math.hypot(x[player] - homeX[player], z[player] - homeZ[player]);
        if (away > STROLL_RADIUS) {
            double off = Math.IEEEremainder(homeward - heading[player], 2 * Math.PI);
            turning[player] = Math.clamp(off, -1.5, 1.5);
        }
        heading[player] = Math.IEEEremainder(heading[player] + turning[player] / tickRate, 2 * Math.PI);
        x[player] -= Math.sin(heading[player]) * speed[player] / tickRate;
        z[player] -= Math.cos(heading[player]) * speed[player] / tickRate;
    }

    private void work() {
        for (int i = 0; i < inputs.size(); i++) {
            engine.accept(inputs.get(i));
        }
        engine.step(tick * 1_000_000_000L / tickRate, this);
    }

    @Override
    public void put(RegionOutput output) {
        looking |= output instanceof RegionOutput.JoinRefused;
        if (looking) {
            throw new IllegalStateException("somebody was refused: " + output);
        }
    }

    @Override
    public void named(long session, long entity, int kind, String name) {
        // Goes over QUIC's streams, like terrain.
    }

    @Override
    public void located(long session, long entity, int hop, double atX, double atY, double atZ) {
        // Trees and steep slopes are in the way of who goes by his own reckoning.
        x[(int) session] = atX;
        z[(int) session] = atZ;
    }

    @Override
    public void snapshot(long session, ByteBuffer datagram) {
        bytes += datagram.remaining();
        newest[(int) session] = datagram.getShort(SEQUENCE_AT) & 0xffff;
        Witness witness = witnesses[(int) session];
        if (witness != null) {
            witness.hear(datagram);
        }
    }

    private void read() {
        for (int i = 0; i < witnessCount; i++) {
            Witness witness = witnesses[witnessed[i]];
            if (witness != null) {
                witness.read();
            }
        }
    }

    /** How far off the witnesses have each other, metres. */
    private int compare(double[] errors, int before) {
        int seen = before;
        for (int one = 0; one < witnessCount; one++) {
            Witness witness = witnesses[witnessed[one]];
            for (int another = 0; another < witnessCount; another++) {
                Witness other = witnesses[witnessed[another]];
                EntityTrack track = witness == null
                        ? null
                        : witness.sees.get(EntityId.of(1, witnessed[another]).packed());
                if (track == null || other == null || other == witness) {
                    continue;
                }
                double worst = 0;
                double square = 0;
                for (int axis = 0; axis < 3; axis++) {
                    double off = track.position(axis, witness.decoder.tick()) - other.at(axis);
                    double between = witness.at(axis) - other.at(axis);
                    worst = Math.max(worst, Math.abs(off));
                    square += between * between;
                }
                if (square < NEAR * NEAR) {
                    errors[seen++] = worst;
                }
            }
        }
        return seen;
    }
}
