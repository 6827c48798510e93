package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.RegionId;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Region} as the API server showed it at some moment, which may be long past.
 *
 * @param id which cube
 * @param uid of the object: another one means that it was deleted and made anew
 * @param resourceVersion of the object
 * @param pinnedTo name of the server that is to act for it; null if the planner may choose
 * @param deletionRequested true if it has a deletion timestamp
 * @param status as it was
 */
public record RegionResource(
        RegionId id,
        String uid,
        String resourceVersion,
        @Nullable String pinnedTo,
        boolean deletionRequested,
        RegionStatus status) {}
