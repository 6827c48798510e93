package io.gamemesh.client;

import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.snapshot.SnapshotFormat;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.ToClient;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** An entity that the client sees, as of the newest snapshot; changes in place. See {@link WorldView} for threads. */
public final class RemoteEntity {

    private static final double INTERVAL_WEIGHT = 1 / 8.0;
    // What is to be shown earlier or later is shown so much slower or faster until it is.
    private static final int SLEW_SHARE = 4;
    private static final @Nullable RemotePart[] NO_PARTS = new RemotePart[EntityKind.PARTS];

    private final long id;
    private final LongSupplier tick;
    private int kind;
    private String name = "";
    // Of an item, once the server has told.
    private Optional<ToClient.ItemInfo> item = Optional.empty();

    /** What is being told of it; null while a new region has not told of it yet. */
    private @Nullable EntityTrack told;

    /** Whether what is being told continues what was told last, so that it has been where that led to meanwhile. */
    private boolean continues;

    /** How long it had gone on without a record when it settled. */
    private long settledTicks;

    private final double[] origin = new double[3];
    private double x;
    private double y;
    private double z;
    private double velocityX;
    private double velocityY;
    private double velocityZ;
    private double yaw;
    private double pitch;
    private long rotation = PackedRotation.NONE;

    // By kind, from the head's on; null of who has none, or is too far off for them.
    private @Nullable RemotePart[] parts = NO_PARTS;

    /** Number of the snapshot that had it last. */
    private long seenIn;

    /** Kept from when somebody first asks where to show it: bots by the hundred don't. */
    private @Nullable Track states;

    /** In place of the track of states, if it is a body. */
    private @Nullable Flight flight;

    private long nanos;

    /** How much time lies between its states of late; what is far off changes more rarely. */
    private double intervalNanos;

    /** How much farther in the past than what changes all the time it was shown last; -1 before it was. */
    private long behindNanos = -1;

    /** The latest time that was shown. */
    private long shownAt;

    /** @param tick says which tick of the region is shown */
    RemoteEntity(long id, LongSupplier tick) {
        this.id = id;
        this.tick = tick;
    }

    void describe(ToClient.ItemInfo what) {
        item = Optional.of(what);
    }

    /** What it is, if it is an item, and how many; empty until the server has told. */
    public Optional<ToClient.ItemInfo> item() {
        return item;
    }

    /** From now on it is told of so; positions are relative to an origin. */
    void follow(EntityTrack track, double originX, double originY, double originZ) {
        told = track;
        continues = false;
        origin[0] = originX;
        origin[1] = originY;
        origin[2] = originZ;
    }

    /**
     * There is a newer record.
     *
     * @param at the tick that it is of, in the client's time
     */
    void update(long snapshot, long at) {
        EntityTrack track = told;
        if (track == null) {
            return;
        }
        update(
                track.kind(),
                origin[0] + track.position(0, track.tick()),
                origin[1] + track.position(1, track.tick()),
                origin[2] + track.position(2, track.tick()),
                track.velocity(0),
                track.velocity(1),
                track.velocity(2),
                Quantized.toRadians8(track.yaw(track.tick())),
                Quantized.toRadians8(track.pitch()),
                snapshot,
                at);
        rotation = track.rotation(track.tick());
        if (flight != null) {
            flight.add(at, x, y, z, track);
        }
    }

    /**
     * A newer state.
     *
     * @param at the tick that it is of, in the client's time
     */
    void update(
            int newKind,
            double newX,
            double newY,
            double newZ,
            double newVelocityX,
            double newVelocityY,
            double newVelocityZ,
            double newYaw,
            double newPitch,
            long snapshot,
            long at) {
        // What is told of without its velocity has not stood still in between.
        boolean still = velocityX == 0 && velocityZ == 0 && newVelocityX == 0 && newVelocityZ == 0;
        kind = newKind;
        x = newX;
        y = newY;
        z = newZ;
        velocityX = newVelocityX;
        velocityY = newVelocityY;
        velocityZ = newVelocityZ;
        yaw = newYaw;
        pitch = newPitch;
        seenIn = snapshot;
        if (nanos != 0 && at > nanos) {
            double interval = Math.min(at - nanos, 2 * Track.MAX_BEYOND_NANOS);
            intervalNanos += (interval - intervalNanos) * (intervalNanos == 0 ? 1 : INTERVAL_WEIGHT);
        }
        nanos = at;
        if (states != null) {
            long bendNanos = continues && !still ? Math.round(intervalNanos) : Long.MAX_VALUE;
            states.add(at, x, y, z, velocityX, velocityY, velocityZ, yaw, pitch, turn(), bendNanos);
        }
        continues = true;
    }

    /** For how long the server has told of others, and left this one to be foretold. */
    private long foretoldTicks() {
        EntityTrack track = told;
        return track == null ? settledTicks : Math.clamp(tick.getAsLong() - track.tick(), 0, SnapshotFormat.HISTORY);
    }

    private double turn() {
        EntityTrack track = told;
        return track == null ? 0 : track.turn();
    }

    /** Stays where it is: who told of it tells no more. */
    void settle() {
        x = x();
        y = y();
        z = z();
        yaw = yaw();
        settledTicks = foretoldTicks();
        continues = false;
        rotation = rotation();
        velocityX = 0;
        velocityY = 0;
        velocityZ = 0;
        told = null;
        flight = null;
        parts = NO_PARTS;
    }

    /** From now on these are its parts: a live array. */
    void wear(@Nullable RemotePart[] shown) {
        parts = shown;
    }

    /** The head of a player in virtual reality who is near; null of all others. */
    public @Nullable RemotePart head() {
        return parts[0];
    }

    /** As {@link #head()}. */
    public @Nullable RemotePart leftHand() {
        return parts[EntityKind.LEFT_HAND - EntityKind.HEAD];
    }

    /** As {@link #head()}. */
    public @Nullable RemotePart rightHand() {
        return parts[EntityKind.RIGHT_HAND - EntityKind.HEAD];
    }

    private double at(int axis, double last) {
        return told == null ? last : origin[axis] + told.position(axis, tick.getAsLong());
    }

    void rename(String newName) {
        name = newName;
    }

    long seenIn() {
        return seenIn;
    }

    /** Where to show it; {@code at} is a time in the past of things that change every {@code periodNanos}. */
    void show(long at, long periodNanos, Pose out) {
        EntityTrack body = told;
        if (body != null && body.kind() == EntityKind.BODY) {
            showBody(body, at, periodNanos, out);
            return;
        }
        out.turnX = PackedRotation.get(rotation, 0);
        out.turnY = PackedRotation.get(rotation, 1);
        out.turnZ = PackedRotation.get(rotation, 2);
        out.turnW = PackedRotation.get(rotation, 3);
        Track track = states;
        if (track == null) {
            track = new Track();
            track.add(nanos, x, y, z, velocityX, velocityY, velocityZ, yaw, pitch, turn(), Long.MAX_VALUE);
            states = track;
        }
        track.at(at - behind(at, periodNanos), foretoldTicks() * periodNanos + Track.MAX_BEYOND_NANOS, out);
    }

    /** One interval is the least after which there is a state to go to. Followed at once it would be a jerk. */
    private long behind(long at, long periodNanos) {
        long wanted = Math.max(Math.round(intervalNanos) - periodNanos, 0);
        long most = Math.max(at - shownAt, 0) / SLEW_SHARE;
        behindNanos = behindNanos < 0 ? wanted : behindNanos + Math.clamp(wanted - behindNanos, -most, most);
        shownAt = Math.max(shownAt, at);
        return behindNanos;
    }

    private void showBody(EntityTrack body, long at, long periodNanos, Pose out) {
        Flight path = flight;
        if (path == null) {
            path = new Flight();
            path.add(nanos, x, y, z, body);
            flight = path;
        }
        path.at(at, SnapshotFormat.HISTORY * periodNanos, out);
    }

    public long id() {
        return id;
    }

    /** See {@link io.gamemesh.protocol.wire.EntityKind}. */
    public int kind() {
        return kind;
    }

    /** What to show above it; empty if it has none or it has not been told yet. */
    public String name() {
        return name;
    }

    /** The region's tick of the newest that the server has told of it; where it is since is foretold. -1 before any. */
    public long toldTick() {
        EntityTrack track = told;
        return track == null ? -1 : track.tick();
    }

    /** World coordinates, metres. */
    public double x() {
        return at(0, x);
    }

    /** World coordinates, metres. */
    public double y() {
        return at(1, y);
    }

    /** World coordinates, metres. */
    public double z() {
        return at(2, z);
    }

    /** Metres a second. */
    public double velocityX() {
        return velocityX;
    }

    /** Metres a second. */
    public double velocityY() {
        return velocityY;
    }

    /** Metres a second. */
    public double velocityZ() {
        return velocityZ;
    }

    /** Radians. */
    public double yaw() {
        EntityTrack track = told;
        return track == null ? yaw : Quantized.toRadians8(track.yaw(tick.getAsLong()));
    }

    /** Radians. */
    public double pitch() {
        return pitch;
    }

    /** How it is turned, if it is a body: as in {@link PackedRotation}; {@link PackedRotation#NONE} otherwise. */
    public long rotation() {
        EntityTrack track = told;
        return track == null ? rotation : track.rotation(tick.getAsLong());
    }

    @Override
    public String toString() {
        return "%s at (%.2f, %.2f, %.2f)".formatted(name.isEmpty() ? Long.toHexString(id) : name, x(), y(), z());
    }
}
