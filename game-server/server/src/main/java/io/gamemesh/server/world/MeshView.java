package io.gamemesh.server.world;

import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What this server knows of its mesh right now. Written by the authority's thread, read by any. */
public final class MeshView {
    private final AtomicLong entities = new AtomicLong();
    private volatile LeafMap leaves;
    private volatile @Nullable ServerId self;
    private volatile String playerAddress = "";
    private volatile boolean draining;
    private volatile boolean inTouch;
    private final Set<RegionId> forsaken = ConcurrentHashMap.newKeySet();

    public MeshView(WorldGeometry geometry) {
        leaves = LeafMap.empty(geometry);
    }

    /** The newest leaf map. */
    public LeafMap leaves() {
        return leaves;
    }

    public void leaves(LeafMap map) {
        leaves = map;
    }

    /** This process; null until the coordinator has given it an incarnation. */
    public @Nullable ServerId self() {
        return self;
    }

    public void self(ServerId id) {
        self = id;
    }

    /** The incarnation of this process; 0 until it has one. */
    public int incarnation() {
        ServerId id = self;
        return id == null ? 0 : id.incarnation();
    }

    /**
     * An id that no entity had before.
     *
     * @throws IllegalStateException before this process has an incarnation; nothing acts then
     */
    public EntityId freshEntity() {
        ServerId id = self;
        if (id == null) {
            throw new IllegalStateException("this process has no incarnation yet, so it cannot name an entity");
        }
        return EntityId.of(id.incarnation(), entities.incrementAndGet());
    }

    /** Where players outside the cluster reach this server; empty until the coordinator says. */
    public String playerAddress() {
        return playerAddress;
    }

    public void playerAddress(String address) {
        playerAddress = address;
    }

    /** Whether there is a connection to the coordinator, so that the leaf map is what it says now. */
    public void inTouch(boolean connected) {
        inTouch = connected;
    }

    /**
     * True if the coordinator says now that the server at that address acts for a region. O(n) in the regions of the world.
     *
     * @param peerAddress {@code host:port} for other servers
     */
    public boolean namesLive(String peerAddress) {
        if (!inTouch) {
            return false;
        }
        for (Leaf leaf : leaves.leaves()) {
            if (leaf.authority() != null && leaf.peerAddress().equals(peerAddress)) {
                return true;
            }
        }
        return false;
    }

    /** True if this server has a copy of the region, and its authority says nothing to it: it may be about to act. */
    public boolean mayTakeOver(RegionId region) {
        return forsaken.contains(region);
    }

    /** The authority of a region that this server has a copy of says nothing to it, or again something. */
    public void forsaken(RegionId region, boolean silent) {
        if (silent) {
            forsaken.add(region);
        } else {
            forsaken.remove(region);
        }
    }

    /** True once the process is to stop: nobody joins any more. */
    public boolean draining() {
        return draining;
    }

    public void drain() {
        draining = true;
    }
}
