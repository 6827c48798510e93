package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.MeshSpec;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A {@code GameMesh} as the API server showed it at some moment, which may be long past.
 *
 * @param uid of the object
 * @param resourceVersion of the object
 * @param spec what is asked for; the last valid one if the present one is not
 * @param desiredServers that some operator wanted last, as its status says; 0 if none ever did
 * @param coordinator as it was
 * @param declaredTerminated incarnations that the annotation {@code gamemesh.io/terminated} names
 * @param deletionRequested true if it has a deletion timestamp
 */
public record MeshResource(
        String uid,
        String resourceVersion,
        MeshSpec spec,
        int desiredServers,
        CoordinatorStatus coordinator,
        Set<Integer> declaredTerminated,
        boolean deletionRequested) {

    /** Copies the set, in order, so that the same input always has the same output. */
    public MeshResource {
        declaredTerminated = Collections.unmodifiableSortedSet(new TreeSet<>(declaredTerminated));
    }
}
