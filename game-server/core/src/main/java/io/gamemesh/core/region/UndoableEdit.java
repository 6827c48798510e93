package io.gamemesh.core.region;

/** An edit of a player's that was made and has not been taken back. */
sealed interface UndoableEdit {

    /**
     * One in this region, by what the region remembers of it.
     *
     * @param firstId of the first block in {@link RegionState#history}
     * @param lastId of the last block; {@code firstId - 1} if the edit has changed nothing
     */
    record Here(long firstId, long lastId) implements UndoableEdit {

        int blocks() {
            return Math.toIntExact(lastId - firstId + 1);
        }
    }

    /**
     * One beyond the border, which the neighbour has made or is asked to: it cannot be taken back, nor is any before it in
     * its stead.
     *
     * @param request by which the neighbour was asked
     */
    record Beyond(long request) implements UndoableEdit {}
}
