package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ServerMessage;

/** What the coordinator is told. */
public sealed interface Event {

    /** This operator leads from now on, as far as the leader election can tell. */
    record LeadershipGained() implements Event {}

    /** This operator does not lead any more. */
    record LeadershipLost() implements Event {}

    /**
     * The mesh is there, or has changed.
     *
     * @param mesh as the API server showed it
     */
    record MeshObserved(MeshResource mesh) implements Event {}

    /** The mesh's object is gone. */
    record MeshGone() implements Event {}

    /**
     * A region is there, or has changed.
     *
     * @param region as the API server showed it
     */
    record RegionObserved(RegionResource region) implements Event {}

    /**
     * A region's object is gone.
     *
     * @param id the region
     * @param uid of the object that is gone
     */
    record RegionGone(RegionId id, String uid) implements Event {}

    /** All regions that there were when this operator began to watch have been reported. */
    record RegionsListed() implements Event {}

    /**
     * A server has opened a stream.
     *
     * @param stream a number of the shell's, never used twice
     * @param server its name, as its token proved
     */
    record StreamOpened(long stream, String server) implements Event {}

    /**
     * A server has said something.
     *
     * @param stream which stream
     * @param message what it said
     */
    record StreamMessage(long stream, ServerMessage message) implements Event {}

    /**
     * A stream is closed, by whomever. Nothing more comes from it.
     *
     * @param stream which stream
     */
    record StreamClosed(long stream) implements Event {}

    /**
     * Kubernetes reports a container as terminated, with this process's number in its termination message.
     *
     * @param process the pod's name and the number
     */
    record ContainerTerminated(ServerId process) implements Event {}

    /**
     * A game server's pod is there, or has changed.
     *
     * @param server the pod's name
     * @param playerAddress host:port (UDP) for players outside the cluster; empty if not known yet
     * @param node where it runs; empty if nowhere yet
     * @param ready as Kubernetes has it
     * @param deleting true if it has a deletion timestamp
     */
    record PodObserved(String server, String playerAddress, String node, boolean ready, boolean deleting)
            implements Event {}

    /**
     * A pod's object is gone. That says nothing about its processes.
     *
     * @param server the pod's name
     */
    record PodGone(String server) implements Event {}

    /**
     * A write has succeeded.
     *
     * @param write the number that the effect carried
     * @param resourceVersion of the object since; empty for what has none any more
     */
    record WriteSucceeded(long write, String resourceVersion) implements Event {}

    /**
     * A write has not succeeded, or nobody knows.
     *
     * @param write the number that the effect carried
     * @param failure which kind
     * @param message for people
     */
    record WriteFailed(long write, WriteFailure failure, String message) implements Event {}

    /** Time has passed. To be sent several times a second. */
    record Tick() implements Event {}
}
