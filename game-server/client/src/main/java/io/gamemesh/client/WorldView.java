package io.gamemesh.client;

import io.gamemesh.core.motion.Body;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.SnapshotReader;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EntityInfo;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client sees: itself, the entities around it, the blocks it has been sent. Confined to the client's event
 * loop: look at it in a {@link GameListener}, or with {@link GameClient#inspect}.
 */
public final class WorldView {

    /** Names may come before their entities; more than these are not kept. */
    private static final int MAX_EARLY_NAMES = 1024;

    private static final long NO_TICK = -1;

    private static final double NANOS_PER_SECOND = 1e9;

    /** Terrain is kept as far as so many view radii: a player who turns round sees it again. */
    private static final double TERRAIN_KEPT = 1.5;

    private final Welcome first;
    private final Long2ObjectHashMap<RemoteEntity> entities = new Long2ObjectHashMap<>();
    private final KnownTerrain terrain = new KnownTerrain();
    private final boolean keepTerrain;
    private final Map<Long, String> earlyNames = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > MAX_EARLY_NAMES;
        }
    };

    private final @Nullable Prediction prediction;
    private final Timeline timeline;
    private final LossMeter loss = new LossMeter();
    private final Body truth = new Body();
    // The newest snapshot's tick, in the client's time.
    private long tickNanos;
    // Where nothing is predicted; from when somebody first asks.
    private @Nullable Track ownTrack;

    private Welcome welcome;

    /** The newest tick of each region, on the present connection. */
    private final Long2LongHashMap newestTick = new Long2LongHashMap(NO_TICK);

    private long region;
    private double originX;
    private double originY;
    private double originZ;
    private double x;
    private double y;
    private double z;
    private double velocityX;
    private double velocityY;
    private double velocityZ;
    private long lastInput;

    private long snapshot;
    private long partsSeen;
    private int parts;
    private long completeRegion;
    private long completeTick;

    WorldView(Welcome welcome, boolean keepTerrain, Prediction.Corrections corrections, long nowNanos) {
        this.first = welcome;
        this.keepTerrain = keepTerrain;
        this.welcome = welcome;
        this.timeline = new Timeline(welcome.tickRate());
        this.prediction = keepTerrain
                ? new Prediction(welcome.blocks(), welcome.tickRate(), this::blockOrUnknown, corrections)
                : null;
        welcome(welcome, nowNanos);
    }

    /** Another connection: ticks start again, what is seen stays until the server has said what there is. */
    void welcome(Welcome next, long nowNanos) {
        welcome = next;
        newestTick.clear();
        completeRegion = 0;
        completeTick = 0;
        lastInput = 0;
        terrain.startAnew();
        enter(next.region());
        x = originX + next.position().metresX();
        y = originY + next.position().metresY();
        z = originZ + next.position().metresZ();
        if (prediction != null) {
            prediction.restart(x, y, z, nowNanos);
        }
    }

    /** Applies a datagram of a snapshot; true if it is the first of its tick. */
    boolean apply(SnapshotReader in, long nowNanos) {
        long newest = newestTick.get(in.region());
        if (in.tick() < newest) {
            return false;
        }
        boolean newTick = in.tick() > newest;
        if (newTick) {
            newestTick.put(in.region(), in.tick());
            snapshot++;
            partsSeen = 0;
            parts = 0;
            enter(in.region());
            x = originX + Quantized.toMetres(in.x());
            y = originY + Quantized.toMetres(in.y());
            z = originZ + Quantized.toMetres(in.z());
            velocityX = Quantized.toMetres(in.velocityX());
            velocityY = Quantized.toMetres(in.velocityY());
            velocityZ = Quantized.toMetres(in.velocityZ());
            lastInput = in.lastInput();
            timeline.snapshot(region, in.tick(), nowNanos);
            loss.snapshot(region, in.tick());
            tickNanos = timeline.nanosOf(in.tick());
            placed(nowNanos);
        } else if (in.region() != region) {
            return false;
        }
        while (in.next()) {
            see(in);
        }
        partsSeen |= 1L << in.part();
        if (in.last()) {
            parts = in.part() + 1;
        }
        if (parts > 0 && Long.bitCount(partsSeen) == parts) {
            completeRegion = region;
            completeTick = in.tick();
            entities.values().removeIf(this::gone);
        }
        return newTick;
    }

    /** The server has said where the player is. */
    private void placed(long nowNanos) {
        if (prediction != null) {
            truth.x = x;
            truth.y = y;
            truth.z = z;
            truth.vx = velocityX;
            truth.vy = velocityY;
            truth.vz = velocityZ;
            prediction.reconcile(lastInput, truth, false, nowNanos);
        } else if (ownTrack != null) {
            ownTrack.add(tickNanos, x, y, z, velocityX, velocityY, velocityZ, 0, 0);
        }
    }

    /** The player has been told to move so. */
    void did(InputDatagram.Input input, long nowNanos) {
        if (prediction != null) {
            prediction.input(input, nowNanos);
        }
    }

    /** In how many datagrams each input is to be. */
    int inputCopies() {
        return loss.copies();
    }

    private boolean gone(RemoteEntity entity) {
        boolean gone = entity.seenIn() != snapshot;
        if (gone && !entity.name().isEmpty()) {
            // Told once: it may come back, over a border for instance.
            earlyNames.put(entity.id(), entity.name());
        }
        return gone;
    }

    void name(EntityInfo info) {
        RemoteEntity entity = entities.get(info.entityId());
        if (entity != null) {
            entity.rename(info.name());
        } else {
            earlyNames.put(info.entityId(), info.name());
        }
    }

    void apply(ToClient.Terrain message) {
        if (keepTerrain) {
            switch (message) {
                case ToClient.Section section -> terrain.put(section);
                case ToClient.SectionForget forget -> terrain.forget(forget);
                case ToClient.BlockChanged change -> terrain.change(change);
            }
        }
    }

    void forgetTerrainBefore() {
        terrain.forgetBefore();
    }

    void forgetTerrainFarOff() {
        terrain.prune(x, y, z, TERRAIN_KEPT * welcome.viewRadius());
    }

    long completeRegion() {
        return completeRegion;
    }

    long completeTick() {
        return completeTick;
    }

    private void see(SnapshotReader in) {
        RemoteEntity entity = entities.get(in.entityId());
        if (entity == null) {
            entity = new RemoteEntity(in.entityId());
            entities.put(in.entityId(), entity);
            String name = earlyNames.remove(in.entityId());
            if (name != null) {
                entity.rename(name);
            }
        }
        double atX = originX + Quantized.toMetres(in.entityX());
        double atY = originY + Quantized.toMetres(in.entityY());
        double atZ = originZ + Quantized.toMetres(in.entityZ());
        double since = (tickNanos - entity.nanos()) / NANOS_PER_SECOND;
        double rate = entity.nanos() != 0 && since > 0 ? 1 / since : 0;
        entity.update(
                in.entityKind(),
                atX,
                atY,
                atZ,
                (atX - entity.x()) * rate,
                (atY - entity.y()) * rate,
                (atZ - entity.z()) * rate,
                Quantized.toRadians8(in.entityYaw()),
                Quantized.toRadians8(in.entityPitch()),
                snapshot,
                tickNanos);
    }

    private void enter(long next) {
        if (next != region || snapshot == 0) {
            region = next;
            RegionId id = new RegionId(next);
            double edge = welcome.regionSize() >> id.depth();
            originX = id.x() * edge;
            originY = id.y() * edge;
            originZ = id.z() * edge;
        }
    }

    /** The world, as the first server described it. */
    public Welcome world() {
        return first;
    }

    /** The name of the server that the client plays on now. */
    public String server() {
        return welcome.server();
    }

    /** The player's own entity. */
    public long entityId() {
        return welcome.entityId();
    }

    /** The region that the player is in. */
    public RegionId region() {
        return new RegionId(region);
    }

    /** The player's own position in world coordinates, metres, as the server has it. */
    public double x() {
        return x;
    }

    /** The player's own position in world coordinates, metres, as the server has it. */
    public double y() {
        return y;
    }

    /** The player's own position in world coordinates, metres, as the server has it. */
    public double z() {
        return z;
    }

    /** The player's own velocity, metres a second. */
    public double velocityX() {
        return velocityX;
    }

    /** The player's own velocity, metres a second. */
    public double velocityY() {
        return velocityY;
    }

    /** The player's own velocity, metres a second. */
    public double velocityZ() {
        return velocityZ;
    }

    /**
     * True while the client predicts where its own inputs lead: it keeps terrain, and knows the blocks round the player.
     */
    public boolean predicts() {
        return prediction != null && prediction.active();
    }

    /**
     * Where the player will be in world coordinates, metres, once the server has done all that it has been told; where
     * nothing is predicted the same as {@link #x()}.
     */
    public double predictedX() {
        return prediction != null && prediction.active() ? prediction.body().x : x;
    }

    /** As {@link #predictedX()}. */
    public double predictedY() {
        return prediction != null && prediction.active() ? prediction.body().y : y;
    }

    /** As {@link #predictedX()}. */
    public double predictedZ() {
        return prediction != null && prediction.active() ? prediction.body().z : z;
    }

    /**
     * Where to show the player itself at a time: between the latest two predictions, sliding within 100 ms to where the
     * server has corrected it to. Without prediction, between the places that the server has said. Where the player looks
     * is not told: who calls this knows best.
     *
     * @param nanos by {@link System#nanoTime()}: when the picture will be seen
     * @param out is told
     */
    public void showOwn(long nanos, Pose out) {
        if (prediction != null) {
            out.x = prediction.x(nanos);
            out.y = prediction.y(nanos);
            out.z = prediction.z(nanos);
            return;
        }
        Track track = ownTrack;
        if (track == null) {
            track = new Track();
            track.add(tickNanos, x, y, z, velocityX, velocityY, velocityZ, 0, 0);
            ownTrack = track;
        }
        track.at(nanos - timeline.delayNanos(), out);
    }

    /**
     * Where to show another at a time: between the states that the server has sent, so far in the past that the next one
     * has mostly come, which depends on how much the network jitters and on how often the entity is told of. What the
     * server falls silent about goes on for 250 ms.
     *
     * @param entity one of {@link #entities()}
     * @param nanos by {@link System#nanoTime()}: when the picture will be seen
     * @param out is told
     */
    public void show(RemoteEntity entity, long nanos, Pose out) {
        entity.show(nanos - timeline.delayNanos(), timeline.periodNanos(), out);
    }

    /** Sequence number of the newest input that the position contains, for reconciliation. */
    public long lastInput() {
        return lastInput;
    }

    /** Number of the newest snapshot, counted over all servers. */
    public long snapshot() {
        return snapshot;
    }

    /** All entities in sight but the player's own: a live view, which cannot be changed. */
    public Collection<RemoteEntity> entities() {
        return Collections.unmodifiableCollection(entities.values());
    }

    /** An entity in sight. */
    public @Nullable RemoteEntity entity(long id) {
        return entities.get(id);
    }

    /** The id of a block; empty if its section has not been sent, or the client does not keep terrain. */
    public OptionalInt block(int blockX, int blockY, int blockZ) {
        return terrain.block(blockX, blockY, blockZ);
    }

    private int blockOrUnknown(int blockX, int blockY, int blockZ) {
        return terrain.block(blockX, blockY, blockZ).orElse(Prediction.BlockIds.UNKNOWN);
    }

    /** How many sections the present server has sent, less those it has taken back. */
    public int sections() {
        return terrain.size();
    }
}
