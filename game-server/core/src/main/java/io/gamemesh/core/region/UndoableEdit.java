package io.gamemesh.core.region;

/**
 * An edit of a player's that can be taken back, by what the region remembers of it.
 *
 * @param firstId of the first block in {@link RegionState#history}
 * @param lastId of the last block, {@code firstId} or more
 */
record UndoableEdit(long firstId, long lastId) {

    int blocks() {
        return Math.toIntExact(lastId - firstId + 1);
    }
}
