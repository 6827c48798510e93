package io.gamemesh.client;

import io.gamemesh.protocol.id.RegionId;
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

    WorldView(Welcome welcome, boolean keepTerrain) {
        this.first = welcome;
        this.keepTerrain = keepTerrain;
        this.welcome = welcome;
        welcome(welcome);
    }

    /** Another connection: ticks start again, what is seen stays until the server has said what there is. */
    void welcome(Welcome next) {
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
    }

    /** Applies a datagram of a snapshot; true if it is the first of its tick. */
    boolean apply(SnapshotReader in) {
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
        entity.update(
                in.entityKind(),
                originX + Quantized.toMetres(in.entityX()),
                originY + Quantized.toMetres(in.entityY()),
                originZ + Quantized.toMetres(in.entityZ()),
                Quantized.toRadians8(in.entityYaw()),
                Quantized.toRadians8(in.entityPitch()),
                snapshot);
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

    /** How many sections the present server has sent, less those it has taken back. */
    public int sections() {
        return terrain.size();
    }
}
