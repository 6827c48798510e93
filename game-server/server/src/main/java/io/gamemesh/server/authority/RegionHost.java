package io.gamemesh.server.authority;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.server.world.HostedRegion;
import io.gamemesh.server.world.HostedRegions;
import io.gamemesh.server.world.MeshView;
import io.gamemesh.server.world.RegionTicker;
import io.gamemesh.server.world.TickBatch;
import java.util.function.Consumer;

/** Runs engines and stops them. All but {@link #restore} is for the authority's thread. */
public final class RegionHost {

    /** What every engine of this server is made with. */
    public record Plan(
            WorldGeometry geometry,
            Blocks blocks,
            Generator generator,
            int tickRate,
            RegionSettings.Limits limits,
            RegionSettings.Wildlife wildlife,
            RegionSettings.Items items,
            int mailbox) {

        /**
         * What a region's engine is told.
         *
         * @throws IllegalArgumentException if the region is not one of this world
         */
        public RegionSettings settings(RegionId region) {
            return new RegionSettings(geometry, region, blocks, generator, tickRate, limits, wildlife, items);
        }

        /** Metres within which players see entities and terrain, in any region. */
        public int viewRadius() {
            return settings(geometry.regionAt(somewhere(), 0)).viewRadius();
        }

        private Vec3 somewhere() {
            return geometry.bounds() == null ? Vec3.ZERO : geometry.bounds().min();
        }
    }

    private final Plan plan;
    private final MeshView view;
    private final HostedRegions regions;
    private final RegionTicker ticker;
    private final Consumer<TickBatch> players;
    private final Consumer<PeerMessage> peers;

    public RegionHost(
            Plan plan,
            MeshView view,
            HostedRegions regions,
            RegionTicker ticker,
            Consumer<TickBatch> players,
            Consumer<PeerMessage> peers) {
        this.plan = plan;
        this.view = view;
        this.regions = regions;
        this.ticker = ticker;
        this.players = players;
        this.peers = peers;
    }

    /** An engine from a region's state; any thread. */
    public RegionEngine restore(RegionId region, long epoch, byte[] state) throws RegionStateException {
        return RegionEngine.restore(plan.settings(region), epoch, state);
    }

    void startFresh(RegionId region, long epoch) {
        run(RegionEngine.fresh(plan.settings(region), epoch));
    }

    void run(RegionEngine engine) {
        HostedRegion hosted = new HostedRegion(engine, plan.mailbox(), players, peers);
        hosted.postSurely(new RegionInput.MapChanged(view.leaves()));
        regions.add(hosted);
        ticker.add(hosted);
    }

    /**
     * The region's engine.
     *
     * @throws IllegalStateException if the region's engine does not run here
     */
    HostedRegion hosted(RegionId region) {
        HostedRegion hosted = regions.get(region);
        if (hosted == null) {
            throw new IllegalStateException("region " + region + " is not hosted here");
        }
        return hosted;
    }

    /** When this returns the engine is not stepped any more, and nobody finds it. */
    HostedRegion drop(RegionId region) {
        HostedRegion hosted = hosted(region);
        hosted.stop();
        regions.remove(hosted);
        return hosted;
    }

    /** When this returns no engine is stepped any more. */
    void abandonAll() {
        regions.all().forEach(HostedRegion::abandon);
    }

    void mapChanged(LeafMap map) {
        view.leaves(map);
        for (HostedRegion region : regions.all()) {
            region.postSurely(new RegionInput.MapChanged(map));
        }
    }
}
