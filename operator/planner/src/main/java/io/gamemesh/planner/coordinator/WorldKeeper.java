package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.WorldPlan;
import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.planner.coordinator.Effect.CreateRegion;
import io.gamemesh.planner.coordinator.Effect.DeleteRegion;
import io.gamemesh.planner.coordinator.Effect.MeshReleased;
import io.gamemesh.protocol.id.RegionId;
import java.util.List;
import java.util.stream.Collectors;

/** Sees to it that the regions that the world should have are there as objects, and go when the mesh goes. */
final class WorldKeeper {

    private static final int CREATIONS_AT_ONCE = 64;

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final Leadership leadership;
    private final Regions regions;
    private final RegionSteps steps;
    private long meshReleasedAgainAt = Long.MIN_VALUE;

    WorldKeeper(
            CoordinatorSettings settings, Outbox outbox, Leadership leadership, Regions regions, RegionSteps steps) {
        this.settings = settings;
        this.outbox = outbox;
        this.leadership = leadership;
        this.regions = regions;
        this.steps = steps;
    }

    void createMissing(long now) {
        MeshSpec spec = leadership.spec();
        long underWay = regions.all().stream()
                .filter(region -> !region.exists() && region.objectWrite != 0)
                .count();
        for (RegionId id : WorldPlan.missing(
                spec,
                regions.all().stream()
                        .filter(TrackedRegion::exists)
                        .map(region -> region.id)
                        .collect(Collectors.toSet()))) {
            if (underWay >= CREATIONS_AT_ONCE) {
                return;
            }
            TrackedRegion region = regions.track(id);
            if (region.objectWrite == 0 && now >= region.objectRetryAt) {
                create(region);
                region.objectRetryAt = now + settings.retry().toNanos();
                underWay++;
            }
        }
        createClaimed(spec, now);
    }

    /** What servers hold of a world without bounds has to have an object too, so that it can be settled who acts. */
    private void createClaimed(MeshSpec spec, long now) {
        for (TrackedRegion region : List.copyOf(regions.all())) {
            if (!region.exists()
                    && region.objectWrite == 0
                    && now >= region.objectRetryAt
                    && steps.hasClaims(region)
                    && WorldPlan.mayGrow(spec, region.id, regions.size() - 1)) {
                create(region);
                region.objectRetryAt = now + settings.retry().toNanos();
            }
        }
    }

    /** A server would like to have a region, since somebody comes near it. */
    void wanted(RegionId id) {
        if (regions.get(id) != null) {
            regions.mark(id);
        } else if (WorldPlan.mayGrow(leadership.spec(), id, regions.size()) && !leadership.meshDeleting()) {
            create(regions.track(id));
        } else {
            outbox.count(Counter.REGIONS_REFUSED);
        }
    }

    private void create(TrackedRegion region) {
        region.objectWrite = outbox.nextWrite();
        regions.underWay(region.objectWrite, region.id);
        outbox.add(new CreateRegion(region.objectWrite, region.id, region.name));
    }

    void deleteAll(long now) {
        for (TrackedRegion region : regions.all()) {
            RegionResource resource = region.resource;
            if (resource != null
                    && !resource.deletionRequested()
                    && region.objectWrite == 0
                    && now >= region.objectRetryAt) {
                region.objectWrite = outbox.nextWrite();
                region.objectRetryAt = now + settings.retry().multipliedBy(5).toNanos();
                regions.underWay(region.objectWrite, region.id);
                outbox.add(new DeleteRegion(region.objectWrite, region.id, region.name));
            }
        }
        boolean empty = regions.all().stream().noneMatch(TrackedRegion::exists);
        if (empty && now >= meshReleasedAgainAt) {
            meshReleasedAgainAt = now + settings.retry().toNanos();
            outbox.add(new MeshReleased());
        }
    }

    /** True if the world has or may have such a region. */
    boolean mayExist(RegionId region) {
        MeshResource mesh = leadership.mesh();
        return mesh != null
                && !mesh.deletionRequested()
                && (mesh.spec().geometry().bounds() != null
                        ? region.depth() == 0 && mesh.spec().geometry().contains(region)
                        : WorldPlan.mayGrow(mesh.spec(), region, regions.size() - 1));
    }
}
