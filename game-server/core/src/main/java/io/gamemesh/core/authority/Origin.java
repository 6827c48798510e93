package io.gamemesh.core.authority;

import io.gamemesh.core.store.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * What a region began from that this process was told to start.
 *
 * @param stored where what the store had of it ends; null if it was generated
 */
public record Origin(@Nullable LogPosition stored) {

    /** There is no store, or it has nothing of the region. */
    public static final Origin GENERATED = new Origin(null);
}
