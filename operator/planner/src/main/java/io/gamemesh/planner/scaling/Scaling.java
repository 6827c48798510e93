package io.gamemesh.planner.scaling;

import org.jspecify.annotations.Nullable;

/**
 * How many servers there are to be, and why.
 *
 * @param servers that are wanted; at least 1 unless the floor is 0
 * @param limited why there are not as many as would be needed, for people; null if there are
 * @param change what this decision changed; null if nothing
 */
public record Scaling(
        int servers, @Nullable String limited, @Nullable Change change) {

    /**
     * Another number of servers than before.
     *
     * @param from number before
     * @param to number from now on
     * @param cause for people: what was measured, and the target
     */
    public record Change(int from, int to, String cause) {

        /** Whether there are to be more. */
        public boolean up() {
            return to > from;
        }
    }
}
