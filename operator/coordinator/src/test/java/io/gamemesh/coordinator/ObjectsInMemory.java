package io.gamemesh.coordinator;

import io.gamemesh.planner.LoadWeights;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.coordinator.CoordinatorStatus;
import io.gamemesh.planner.coordinator.Effect;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshResource;
import io.gamemesh.planner.coordinator.MeshView;
import io.gamemesh.planner.coordinator.RegionResource;
import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.planner.coordinator.WriteFailure;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mesh of one region whose objects are kept in memory, with versions that are compared on each write. */
class ObjectsInMemory implements MeshObjects {

    private static final MeshSpec SPEC = new MeshSpec(
            "demo",
            new WorldGeometry(2048, 512, 100, Box.of(0, 0, 0, 2048, 2048, 2048)),
            1,
            null,
            20,
            60,
            LoadWeights.DEFAULT,
            0.8,
            1000,
            2000,
            0,
            MeshSpec.DEFAULT_MAX_REGIONS);

    final Map<RegionId, RegionResource> regions = new ConcurrentHashMap<>();
    final List<MeshView> views = new CopyOnWriteArrayList<>();

    private CoordinatorStatus coordinator = CoordinatorStatus.NEW;
    private long version = 1;

    synchronized MeshResource mesh() {
        return new MeshResource("mesh-uid", Long.toString(version), SPEC, 1, coordinator, Set.of(), false);
    }

    @Override
    public synchronized List<Event> write(Effect.WriteCoordinatorStatus write) {
        if (!write.expectedVersion().equals(Long.toString(version))) {
            return List.of(
                    new Event.WriteFailed(write.write(), WriteFailure.CONFLICT, "changed"),
                    new Event.MeshObserved(mesh()));
        }
        coordinator = write.status();
        version++;
        return List.of(new Event.WriteSucceeded(write.write(), Long.toString(version)), new Event.MeshObserved(mesh()));
    }

    @Override
    public synchronized List<Event> write(Effect.WriteRegionStatus write) {
        RegionResource present = regions.get(write.id());
        if (present == null) {
            return List.of(new Event.WriteFailed(write.write(), WriteFailure.NOT_FOUND, "gone"));
        }
        if (!write.expectedVersion().equals(present.resourceVersion())) {
            return List.of(
                    new Event.WriteFailed(write.write(), WriteFailure.CONFLICT, "changed"),
                    new Event.RegionObserved(present));
        }
        RegionResource stored = region(write.id(), write.status());
        return List.of(new Event.WriteSucceeded(write.write(), stored.resourceVersion()));
    }

    @Override
    public synchronized List<Event> write(Effect.CreateRegion write) {
        RegionResource stored = region(write.id(), RegionStatus.NEW);
        return List.of(
                new Event.WriteSucceeded(write.write(), stored.resourceVersion()), new Event.RegionObserved(stored));
    }

    @Override
    public List<Event> write(Effect.DeleteRegion write) {
        throw new UnsupportedOperationException("no test deletes a region");
    }

    @Override
    public List<Event> write(Effect.RemoveFinalizer write) {
        throw new UnsupportedOperationException("no test deletes a region");
    }

    @Override
    public void emit(Effect.EmitEvent event) {}

    @Override
    public void released() {}

    @Override
    public void published(MeshView view) {
        views.add(view);
    }

    private RegionResource region(RegionId id, RegionStatus status) {
        version++;
        RegionResource stored = new RegionResource(id, "uid-" + id, Long.toString(version), null, false, status);
        regions.put(id, stored);
        return stored;
    }
}
