package io.gamemesh.coordinator;

import io.gamemesh.planner.coordinator.Effect;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshView;
import java.util.List;

/**
 * A mesh's objects in the API server, as far as its coordinator writes them. The methods that return events block for as
 * long as the API server takes, run on threads of their own and try once; they return what became of it, first
 * {@link Event.WriteSucceeded} or {@link Event.WriteFailed}, then, after a conflict, the object as it is. They throw
 * nothing. The others return at once.
 */
public interface MeshObjects {

    /**
     * Writes {@code GameMesh.status.coordinator}.
     *
     * @param write what
     * @return what became of it
     */
    List<Event> write(Effect.WriteCoordinatorStatus write);

    /**
     * Writes a region's status.
     *
     * @param write what
     * @return what became of it
     */
    List<Event> write(Effect.WriteRegionStatus write);

    /**
     * Creates a region.
     *
     * @param write what
     * @return what became of it
     */
    List<Event> write(Effect.CreateRegion write);

    /**
     * Deletes a region.
     *
     * @param write what
     * @return what became of it
     */
    List<Event> write(Effect.DeleteRegion write);

    /**
     * Takes the finalizer off a region.
     *
     * @param write what
     * @return what became of it
     */
    List<Event> write(Effect.RemoveFinalizer write);

    /**
     * Emits a Kubernetes Event; it may get lost.
     *
     * @param event what
     */
    void emit(Effect.EmitEvent event);

    /** Is told that the mesh's pods may go: it is being deleted and nobody acts for any region. */
    void released();

    /**
     * Is told how the mesh looks now.
     *
     * @param view the mesh
     */
    void published(MeshView view);
}
