package io.gamemesh.core.authority;

import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How this process stands to each region, and what the leaf map says about them. */
final class Holdings {

    private final WorldGeometry geometry;
    private final Membership membership;
    private final Outbox outbox;
    private final TreeMap<RegionId, Holding> holdings = new TreeMap<>();
    private LeafMap leafMap;

    Holdings(WorldGeometry geometry, Membership membership, Outbox outbox) {
        this.geometry = geometry;
        this.membership = membership;
        this.outbox = outbox;
        this.leafMap = LeafMap.empty(geometry);
    }

    /**
     * The region of a message.
     *
     * @throws IllegalArgumentException if the world has no such region
     */
    RegionId region(long packed) {
        RegionId region = new RegionId(packed);
        if (!geometry.contains(region)) {
            throw new IllegalArgumentException("region " + region + " lies outside the world");
        }
        return region;
    }

    boolean inWorld(RegionId region) {
        return geometry.contains(region);
    }

    /** Never heard of it: made, as one that it has no state of. */
    Holding of(RegionId region) {
        return holdings.computeIfAbsent(region, Holding::new);
    }

    @Nullable Holding get(RegionId region) {
        return holdings.get(region);
    }

    List<RegionId> held() {
        return holdings.values().stream()
                .filter(Holding::holdsState)
                .map(holding -> holding.region)
                .toList();
    }

    Collection<Holding> all() {
        return List.copyOf(holdings.values());
    }

    /** Of all regions of which there is something to say. */
    List<RegionReport> reports() {
        return holdings.values().stream()
                .filter(Holding::isWorthAReport)
                .map(Holding::report)
                .toList();
    }

    // The leaf map.

    LeafMap leafMap() {
        return leafMap;
    }

    void onLeafMap(long term, io.gamemesh.protocol.v1.LeafMap update) {
        LeafMap next = leafMap.updated(term, update);
        if (next == leafMap) {
            return;
        }
        leafMap = next;
        for (Holding holding : List.copyOf(holdings.values())) {
            Leaf leaf = leafMap.get(holding.region);
            if (leaf != null && leaf.epoch() > holding.epoch) {
                onNewerEpoch(holding, leaf);
            }
        }
        outbox.put(new AuthorityAction.LeafMapChanged(leafMap));
    }

    private void onNewerEpoch(Holding holding, Leaf leaf) {
        ServerId authority = leaf.authority();
        if (authority == null || membership.isSelf(authority)) {
            return;
        }
        if (holding.holdsState()) {
            release(holding, "superseded by " + authority + " at epoch " + leaf.epoch(), authority);
        } else if (holding.givenUp < leaf.epoch()) {
            // The map itself now keeps this process from acting at what it has given up.
            holdings.remove(holding.region);
        }
    }

    boolean isOlderThanLeafMap(RegionId region, long epoch) {
        Leaf leaf = leafMap.get(region);
        if (leaf == null || epoch > leaf.epoch()) {
            return false;
        }
        boolean elsewhere = leaf.authority() != null && !membership.isSelf(leaf.authority());
        return epoch < leaf.epoch() || elsewhere;
    }

    // Changes, and the word of them.

    void act(Holding holding, long epoch, String detail) {
        if (holding.epoch != epoch || holding.phase == Holding.Phase.STARTING) {
            holding.standing = null;
        }
        if (holding.epoch != epoch) {
            holding.origin = null;
        }
        holding.phase = Holding.Phase.ACTING;
        holding.epoch = epoch;
        holding.target = null;
        holding.offered = 0;
        holding.departure = null;
        report(holding, detail);
    }

    void release(Holding holding, String detail, @Nullable ServerId successor) {
        holding.phase = Holding.Phase.RELEASED;
        holding.departure = null;
        outbox.put(new AuthorityAction.DropEngine(holding.region, holding.epoch, successor));
        report(holding, detail);
    }

    void report(Holding holding, String detail) {
        holding.detail = detail;
        if (holding.isWorthAReport()) {
            membership.send(holding.report());
        }
    }

    void reportReleased(RegionId region, long epoch, String detail) {
        membership.send(RegionReport.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(epoch)
                .setState(RegionState.REGION_STATE_RELEASED)
                .setDetail(detail)
                .build());
    }
}
