package io.gamemesh.benchmark.asteroids;

import io.gamemesh.core.sync.ClientView;
import io.gamemesh.core.sync.OwnState;
import io.gamemesh.core.sync.Scene;
import io.gamemesh.core.sync.Snapshots;
import io.gamemesh.core.sync.SyncSettings;
import io.gamemesh.core.sync.Tier;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.wire.EntityKind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A client that watches {@link Asteroids}: the region's own snapshots, and a client's own decoder, joined by a network that
 * loses some datagrams and takes {@value #ROUND_TRIP_TICKS} ticks for there and back. What the client has is compared
 * with what there is in every tick. Not thread-safe.
 */
final class Watch implements Snapshots.Sink, SnapshotDecoder.Listener {

    /** Snapshots a second. */
    static final int TICK_RATE = 30;

    /** 100 ms. */
    static final int ROUND_TRIP_TICKS = 3;

    /** So far off may a component of a rotation's quaternion be while a coordinate may be a metre off. */
    private static final double ROTATION_PER_METRE = 0.1;

    private static final int VIEW_RADIUS = 256;
    private static final int BYTES_PER_SECOND = 100_000;
    // Where the middle is in the region, metres.
    private static final double MIDDLE = 512;
    private static final double FINE = 1024;
    private static final double SPEED = 128;
    private static final long PLAYER = 1;
    private static final long FIRST_BODY = 2;

    private record Acknowledgement(long at, int view, int newest, int received) {}

    private final Asteroids asteroids;
    private final double precision;
    private final double loss;
    private final Random luck;
    private final Scene scene;
    private final Snapshots snapshots;
    private final ClientView view;
    private final OwnState own = new OwnState();
    private final SnapshotDecoder decoder = new SnapshotDecoder(TICK_RATE);
    private final @Nullable EntityTrack[] sees = new EntityTrack[Asteroids.COUNT];
    private final Queue<Acknowledgement> underWay = new ArrayDeque<>();
    private long tick;

    // Since the last reset.
    private long ticks;
    private long bytes;
    private long datagrams;
    private long told;
    private long states;
    private long beyond;
    private double worstPosition;
    private double worstRotation;

    /**
     * Before the first tick.
     *
     * @param precision how far off a coordinate may be, metres, and a component of a rotation by a tenth as much
     * @param loss how many of 1 datagrams are lost each way
     */
    Watch(Asteroids asteroids, double precision, double loss, long seed) {
        this.asteroids = asteroids;
        this.precision = precision;
        this.loss = loss;
        this.luck = new Random(seed);
        // What is compared on the server has been rounded to steps of 1/1024 m twice.
        int tolerance = (int) Math.floor(precision * FINE) - 1;
        List<Tier> tiers = List.of(new Tier(VIEW_RADIUS, Asteroids.COUNT + 1, TICK_RATE, tolerance));
        SyncSettings settings = new SyncSettings(0, TICK_RATE, VIEW_RADIUS, BYTES_PER_SECOND, tiers);
        this.scene = new Scene(settings);
        this.snapshots = new Snapshots(settings, scene);
        this.view = snapshots.open(0);
    }

    /** What happened since the last call. */
    WatchFigures figures() {
        WatchFigures figures = new WatchFigures(
                (double) ticks / TICK_RATE, bytes, datagrams, told, states, beyond, worstPosition, worstRotation);
        ticks = 0;
        bytes = 0;
        datagrams = 0;
        told = 0;
        states = 0;
        beyond = 0;
        worstPosition = 0;
        worstRotation = 0;
        return figures;
    }

    /** One tick: the asteroids are where they are in it. */
    void tick() {
        tick++;
        ticks++;
        while (!underWay.isEmpty() && underWay.element().at() <= tick) {
            Acknowledgement next = underWay.remove();
            if (!snapshots.acknowledge(view, next.view(), next.newest(), next.received())) {
                throw new IllegalStateException("what the client acknowledged was refused: " + next);
            }
        }
        see();
        int player = (int) (MIDDLE * SPEED);
        own.set(player, player, player, 0, 0, 0, true);
        snapshots.send(view, scene.number(PLAYER), own, tick, this);
        // A client says what has come with each of its inputs, so nothing is lost for good.
        if (decoder.started() && !lost()) {
            underWay.add(new Acknowledgement(
                    tick + ROUND_TRIP_TICKS, decoder.view(), decoder.newestSequence(), decoder.received()));
        }
        compare();
    }

    private void see() {
        long middle = (long) (MIDDLE * FINE);
        scene.begin(tick);
        scene.see(PLAYER, EntityKind.PLAYER, middle, middle, middle, 0, 0, 0, 0, 0, "");
        for (int body = 0; body < Asteroids.COUNT; body++) {
            int at = body * 3;
            int turn = body * 4;
            scene.seeBody(
                    FIRST_BODY + body,
                    fine(asteroids.position[at]),
                    fine(asteroids.position[at + 1]),
                    fine(asteroids.position[at + 2]),
                    speed(asteroids.velocity[at]),
                    speed(asteroids.velocity[at + 1]),
                    speed(asteroids.velocity[at + 2]),
                    PackedRotation.of(
                            asteroids.rotation[turn],
                            asteroids.rotation[turn + 1],
                            asteroids.rotation[turn + 2],
                            asteroids.rotation[turn + 3]),
                    asteroids.spin[at],
                    asteroids.spin[at + 1],
                    asteroids.spin[at + 2],
                    "");
        }
        scene.end();
    }

    private static long fine(double coordinate) {
        return Math.round((MIDDLE + coordinate) * FINE);
    }

    private static int speed(double metresPerSecond) {
        return (int) Math.round(metresPerSecond * SPEED);
    }

    private boolean lost() {
        return loss > 0 && luck.nextDouble() < loss;
    }

    @Override
    public void datagram(ByteBuffer datagram) {
        bytes += datagram.remaining();
        datagrams++;
        if (!lost()) {
            decoder.decode(datagram, this);
        }
    }

    @Override
    public void appears(long entityId, int kind, String name) {}

    @Override
    public void appeared(EntityTrack entity) {
        sees[(int) (entity.id() - FIRST_BODY)] = entity;
        told++;
    }

    @Override
    public void changed(EntityTrack entity) {
        told++;
    }

    @Override
    public void gone(EntityTrack entity) {
        throw new IllegalStateException(entity + " is gone, expected it to stay in sight");
    }

    private void compare() {
        for (int body = 0; body < Asteroids.COUNT; body++) {
            double position = Double.POSITIVE_INFINITY;
            double rotation = Double.POSITIVE_INFINITY;
            EntityTrack track = sees[body];
            if (track != null) {
                position = positionError(track, body);
                rotation = rotationError(track, body);
            }
            states++;
            if (position > precision || rotation > precision * ROTATION_PER_METRE) {
                beyond++;
            }
            worstPosition = Math.max(worstPosition, position);
            worstRotation = Math.max(worstRotation, rotation);
        }
    }

    private double positionError(EntityTrack track, int body) {
        double worst = 0;
        for (int axis = 0; axis < 3; axis++) {
            double is = MIDDLE + asteroids.position[body * 3 + axis];
            worst = Math.max(worst, Math.abs(track.position(axis, tick) - is));
        }
        return worst;
    }

    private double rotationError(EntityTrack track, int body) {
        long packed = track.rotation(tick);
        double alike = 0;
        double opposite = 0;
        for (int i = 0; i < 4; i++) {
            double told = PackedRotation.get(packed, i);
            double is = asteroids.rotation[body * 4 + i];
            alike = Math.max(alike, Math.abs(told - is));
            opposite = Math.max(opposite, Math.abs(told + is));
        }
        return Math.min(alike, opposite);
    }
}
