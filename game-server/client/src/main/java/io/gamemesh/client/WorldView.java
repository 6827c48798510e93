package io.gamemesh.client;

import io.gamemesh.core.motion.Body;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EntityInfo;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client sees: itself, the entities around it, the blocks it has been sent. Confined to the client's event
 * loop: look at it in a {@link GameListener}, or with {@link GameClient#inspect}.
 */
public final class WorldView {

    /** Names may come before their entities; more than these are not kept. */
    private static final int MAX_EARLY_NAMES = 1024;

    private static final int NO_VIEW = -1;

    /** What a new region has not told of after so long is not there. */
    private static final int FORGET_SECONDS = 2;

    /** Terrain is kept as far as so many view radii: a player who turns round sees it again. */
    private static final double TERRAIN_KEPT = 1.5;

    private final Welcome first;
    private final Long2ObjectHashMap<RemoteEntity> entities = new Long2ObjectHashMap<>();
    // By the id of whose they are, who may be told of later than they.
    private final Long2ObjectHashMap<@Nullable RemotePart[]> parts = new Long2ObjectHashMap<>();
    private final KnownTerrain terrain = new KnownTerrain();
    private final boolean keepTerrain;
    private final boolean keepEntities;
    private final Map<Long, String> earlyNames = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > MAX_EARLY_NAMES;
        }
    };

    private final Map<Long, ToClient.ItemInfo> earlyItems = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ToClient.ItemInfo> eldest) {
            return size() > MAX_EARLY_NAMES;
        }
    };

    // Once the server has told.
    private Optional<ItemCounts> items = Optional.empty();

    private final @Nullable Prediction prediction;
    private final Timeline timeline;
    private final LossMeter loss = new LossMeter();
    private final Body truth = new Body();
    // The newest snapshot's tick, in the client's time.
    private long tickNanos;
    // Where nothing is predicted; from when somebody first asks.
    private @Nullable Track ownTrack;

    private Welcome welcome;

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

    private SnapshotDecoder decoder;
    private final Changes changes = new Changes();
    private int view = NO_VIEW;
    // The snapshot that the view began with.
    private long viewBegan;
    private long snapshot;
    private long tick;
    private long placedIn;
    private long placedRegion;
    private long arrivedNanos;

    // Where the player was predicted to be when another region began to tell of it; null if it was not, or has not.
    private @Nullable Vec3 predictedBefore;
    // See crossingError.
    private double crossingError = Double.NaN;

    WorldView(
            Welcome welcome,
            boolean keepTerrain,
            boolean keepEntities,
            Prediction.Corrections corrections,
            long nowNanos) {
        this.first = welcome;
        this.keepEntities = keepEntities;
        this.keepTerrain = keepTerrain;
        this.welcome = welcome;
        this.decoder = new SnapshotDecoder(welcome.tickRate());
        this.timeline = new Timeline(welcome.tickRate());
        this.prediction = keepTerrain
                ? new Prediction(welcome.blocks(), welcome.tickRate(), this::blockOrUnknown, corrections)
                : null;
        welcome(welcome, nowNanos);
    }

    /** Another connection: ticks start again, what is seen stays until the server has said what there is. */
    void welcome(Welcome next, long nowNanos) {
        rememberPredicted();
        welcome = next;
        decoder = new SnapshotDecoder(next.tickRate());
        view = NO_VIEW;
        lastInput = 0;
        terrain.startAnew();
        terrain.of(next);
        enter(next.region());
        x = originX + next.position().metresX();
        y = originY + next.position().metresY();
        z = originZ + next.position().metresZ();
        if (prediction != null) {
            prediction.restart(x, y, z, nowNanos);
        }
    }

    /** The player has come over a border to another server, which goes on with what the player has been told to do. */
    void handedOver(Welcome next) {
        rememberPredicted();
        welcome = next;
        decoder = new SnapshotDecoder(next.tickRate());
        view = NO_VIEW;
        terrain.startAnew();
        terrain.of(next);
    }

    /**
     * Applies a datagram of a snapshot; true if it is the first of its tick.
     *
     * @throws WireFormatException if it is not one
     */
    boolean apply(ByteBuffer datagram, long nowNanos) {
        long before = snapshot;
        arrivedNanos = nowNanos;
        crossingError = Double.NaN;
        if (!(keepEntities ? decoder.decode(datagram, changes) : decoder.decodeSelf(datagram))) {
            return false;
        }
        enterTick();
        if (decoder.hasSelf() && placedIn != snapshot) {
            placedIn = snapshot;
            x = originX + Quantized.toMetres(decoder.selfPosition(0));
            y = originY + Quantized.toMetres(decoder.selfPosition(1));
            z = originZ + Quantized.toMetres(decoder.selfPosition(2));
            velocityX = Quantized.toMetres(decoder.selfVelocity(0));
            velocityY = Quantized.toMetres(decoder.selfVelocity(1));
            velocityZ = Quantized.toMetres(decoder.selfVelocity(2));
            // What is sent are the lowest bits.
            lastInput += (short) (decoder.lastInput() - lastInput);
            placed(nowNanos);
        }
        return snapshot != before;
    }

    /** Before anything is made of a datagram: it may be the first of a tick, or of a region. */
    private void enterTick() {
        boolean newView = view != decoder.view();
        if (newView) {
            enterView();
        }
        if (newView || decoder.tick() != tick) {
            tick = decoder.tick();
            snapshot++;
            timeline.snapshot(region, tick, arrivedNanos);
            loss.snapshot(region, tick);
            tickNanos = timeline.nanosOf(tick);
            if (snapshot == viewBegan + (long) FORGET_SECONDS * welcome.tickRate()) {
                entities.values().removeIf(this::isOfAnOlderView);
            }
        }
    }

    private void rememberPredicted() {
        if (predictedBefore == null && predicts()) {
            predictedBefore = new Vec3(predictedX(), predictedY(), predictedZ());
        }
    }

    /** Another region, or another server, tells everything anew: what is seen stays until it has had the time to. */
    private void enterView() {
        rememberPredicted();
        view = decoder.view();
        entities.values().forEach(RemoteEntity::settle);
        parts.clear();
        enter(decoder.region());
        viewBegan = snapshot + 1;
    }

    private boolean isOfAnOlderView(RemoteEntity entity) {
        boolean older = entity.seenIn() < viewBegan;
        if (older) {
            forgotten(entity);
        }
        return older;
    }

    private void forgotten(RemoteEntity entity) {
        if (!entity.name().isEmpty()) {
            // Told once: it may come back, over a border for instance.
            earlyNames.put(entity.id(), entity.name());
        }
        entity.item().ifPresent(what -> earlyItems.put(entity.id(), what));
    }

    /**
     * How far, in metres, the first word of a region that the player has come into was from what had been predicted; not a
     * number unless the latest datagram was that.
     */
    double crossingError() {
        return crossingError;
    }

    /** Which datagrams have come. */
    InputDatagram.Acknowledged acknowledged() {
        return decoder.started()
                ? new InputDatagram.Acknowledged(decoder.view(), decoder.newestSequence(), decoder.received())
                : InputDatagram.Acknowledged.NOTHING;
    }

    private final class Changes implements SnapshotDecoder.Listener {

        @Override
        public void appeared(EntityTrack told) {
            enterTick();
            if (EntityKind.isPart(told.kind())) {
                partAppeared(told);
                return;
            }
            RemoteEntity entity = entities.get(told.id());
            if (entity == null) {
                entity = new RemoteEntity(told.id(), () -> tick);
                entities.put(told.id(), entity);
                String name = earlyNames.remove(told.id());
                if (name != null) {
                    entity.rename(name);
                }
                ToClient.ItemInfo what = earlyItems.remove(told.id());
                if (what != null) {
                    entity.describe(what);
                }
            }
            entity.follow(told, originX, originY, originZ);
            @Nullable RemotePart[] worn = parts.get(told.id());
            if (worn != null) {
                entity.wear(worn);
            }
            entity.update(snapshot, tickNanos);
        }

        @Override
        public void changed(EntityTrack told) {
            enterTick();
            RemoteEntity entity = EntityKind.isPart(told.kind()) ? null : entities.get(told.id());
            if (entity != null) {
                entity.update(snapshot, tickNanos);
            }
        }

        @Override
        public void gone(EntityTrack told) {
            enterTick();
            if (EntityKind.isPart(told.kind())) {
                partGone(told);
                return;
            }
            RemoteEntity entity = entities.remove(told.id());
            if (entity != null) {
                forgotten(entity);
            }
        }
    }

    private void partAppeared(EntityTrack told) {
        @Nullable RemotePart[] worn = parts.get(told.id());
        if (worn == null) {
            worn = new RemotePart[EntityKind.PARTS];
            parts.put(told.id(), worn);
        }
        worn[told.kind() - EntityKind.HEAD] = new RemotePart(told, () -> tick, originX, originY, originZ);
        RemoteEntity whose = entities.get(told.id());
        if (whose != null) {
            whose.wear(worn);
        }
    }

    private void partGone(EntityTrack told) {
        @Nullable RemotePart[] worn = parts.get(told.id());
        if (worn != null) {
            worn[told.kind() - EntityKind.HEAD] = null;
            if (worn[0] == null && worn[1] == null && worn[2] == null) {
                parts.remove(told.id());
            }
        }
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
            truth.grounded = decoder.selfGrounded();
            double error = prediction.reconcile(lastInput, truth, true, nowNanos);
            Vec3 before = predictedBefore;
            if (before != null && placedRegion != region) {
                crossingError = Double.isNaN(error)
                        ? before.distance(new Vec3(predictedX(), predictedY(), predictedZ()))
                        : error;
            }
            predictedBefore = null;
            placedRegion = region;
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

    void carries(ToClient.Inventory inventory) {
        items = Optional.of(inventory.items());
    }

    void describe(ToClient.ItemInfo info) {
        RemoteEntity entity = entities.get(info.entityId());
        if (entity != null) {
            entity.describe(info);
        } else {
            earlyItems.put(info.entityId(), info);
        }
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
                case ToClient.BlocksChanged change -> terrain.change(change);
                case ToClient.Untouched untouched -> terrain.put(untouched);
            }
        }
    }

    void forgetTerrainBefore() {
        terrain.forgetBefore();
    }

    void forgetTerrainFarOff() {
        terrain.prune(x, y, z, TERRAIN_KEPT * welcome.viewRadius());
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

    /** The tick of the region that the newest snapshot is of: they count on wherever the region moves. */
    public long tick() {
        return tick;
    }

    /** Number of the newest snapshot, counted over all servers. */
    public long snapshot() {
        return snapshot;
    }

    /** Whether the server that the client plays on now has agreed to items. */
    boolean serverKnowsItems() {
        return (welcome.capabilities() & Wire.ITEMS) != 0;
    }

    /** What the player carries; empty until a server has told, which one that knows of no items never does. */
    public Optional<ItemCounts> items() {
        return items;
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
