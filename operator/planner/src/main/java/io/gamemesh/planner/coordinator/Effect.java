package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator wants done. Each write carries a number of its own and is answered with
 * {@link Event.WriteSucceeded} or {@link Event.WriteFailed}; no write is repeated by the shell.
 */
public sealed interface Effect {

    /**
     * Write {@code GameMesh.status.coordinator}, if the mesh still has the expected version.
     *
     * @param write number of the write
     * @param expectedVersion the resource version to compare with
     * @param status to store
     */
    record WriteCoordinatorStatus(long write, String expectedVersion, CoordinatorStatus status) implements Effect {}

    /**
     * Create a region, with a finalizer of the operator's, owned by the mesh.
     *
     * @param write number of the write
     * @param id which cube
     * @param name of the object
     */
    record CreateRegion(long write, RegionId id, String name) implements Effect {}

    /**
     * Write a region's status, if the region still has the expected version.
     *
     * @param write number of the write
     * @param id which cube
     * @param name of the object
     * @param expectedVersion the resource version to compare with
     * @param status to store
     */
    record WriteRegionStatus(long write, RegionId id, String name, String expectedVersion, RegionStatus status)
            implements Effect {}

    /**
     * Ask the API server to delete a region, because its mesh is being deleted.
     *
     * @param write number of the write
     * @param id which cube
     * @param name of the object
     */
    record DeleteRegion(long write, RegionId id, String name) implements Effect {}

    /**
     * Take the finalizer off a region that nobody acts for any more.
     *
     * @param write number of the write
     * @param id which cube
     * @param name of the object
     * @param uid of the object
     */
    record RemoveFinalizer(long write, RegionId id, String name, String uid) implements Effect {}

    /** The mesh is being deleted and has no regions any more: its pods may go, and then its finalizer. */
    record MeshReleased() implements Effect {}

    /**
     * Send a message to a server. Never sent again by the shell; lost if the stream breaks.
     *
     * @param stream which stream
     * @param message what to send
     */
    record Send(long stream, CoordinatorMessage message) implements Effect {}

    /**
     * Close a stream.
     *
     * @param stream which stream
     * @param reason as a code
     * @param message for people: what was wrong, what was expected, what to do
     */
    record CloseStream(long stream, CloseReason reason, String message) implements Effect {}

    /**
     * Emit a Kubernetes Event.
     *
     * @param warning true for type Warning, false for Normal
     * @param reason one word in CamelCase
     * @param message for people
     * @param region what it is about; the mesh if null
     */
    record EmitEvent(
            boolean warning,
            String reason,
            String message,
            @Nullable RegionId region) implements Effect {}

    /**
     * Add to a counter.
     *
     * @param counter which one
     * @param amount how much; at least 1
     */
    record Count(Counter counter, long amount) implements Effect {}

    /**
     * Record how long something took.
     *
     * @param timer which one
     * @param nanos how long
     */
    record Time(Timer timer, long nanos) implements Effect {}

    /**
     * The mesh looks like this now.
     *
     * @param view immutable
     */
    record Publish(MeshView view) implements Effect {}

    /** What is counted. */
    enum Counter {
        /** Regions that were started on a server. */
        STARTS,
        /** Regions that were handed from one server to another. */
        TRANSFERS,
        /** Moves that did not come to an end, or were refused. */
        TRANSFER_FAILURES,
        /** Regions started elsewhere because their authority was known dead. */
        FAILOVERS,
        /** Regions whose state was lost. */
        STATES_LOST,
        /** Processes that were learned to be dead. */
        SERVERS_DEAD,
        /** Messages of servers that were refused. */
        MESSAGES_REFUSED,
        /** Writes that met another version than expected. */
        WRITE_CONFLICTS,
        /** Writes that failed in another way. */
        WRITE_FAILURES,
        /** Requests for regions that were refused. */
        REGIONS_REFUSED
    }

    /** What is timed. */
    enum Timer {
        /** From the decision to move a region to the report that its target acts. */
        TRANSFER,
        /** From the news of a death to the report that another server acts. */
        FAILOVER
    }
}
