package io.gamemesh.core.voxel;

/**
 * What an edit of many blocks changes in one section: told before it is done, so that the terrain still has what was
 * there. To be looked at while it is told only; not thread-safe.
 */
public final class SectionChanges {

    private final int x;
    private final int y;
    private final int z;
    // A bit for each index, as MutableSection has them.
    private final long[] changed;
    private final long[] edited;
    private final int count;
    private final short block;

    /** What is told of a block that becomes another one; world coordinates. */
    @FunctionalInterface
    public interface PlaceConsumer {

        /**
         * Takes one block.
         *
         * @param edited true if the place has an edit already
         */
        void accept(int x, int y, int z, boolean edited);
    }

    SectionChanges(int x, int y, int z, long[] changed, long[] edited, int count, short block) {
        this.x = x;
        this.y = y;
        this.z = z;
        this.changed = changed;
        this.edited = edited;
        this.count = count;
        this.block = block;
    }

    /** Section coordinate. */
    public int x() {
        return x;
    }

    /** Section coordinate. */
    public int y() {
        return y;
    }

    /** Section coordinate. */
    public int z() {
        return z;
    }

    /** How many blocks become others, 1 or more. */
    public int count() {
        return count;
    }

    /** What they become. */
    public short block() {
        return block;
    }

    /** Tells of each block that becomes another one, in the order of their indexes. */
    public void forEach(PlaceConsumer consumer) {
        for (int i = 0; i < changed.length; i++) {
            for (long left = changed[i]; left != 0; left &= left - 1) {
                int index = i * Long.SIZE + Long.numberOfTrailingZeros(left);
                consumer.accept(
                        x * Section.EDGE + (index & 15),
                        y * Section.EDGE + (index >> 8),
                        z * Section.EDGE + ((index >> 4) & 15),
                        (edited[i] & Long.lowestOneBit(left)) != 0);
            }
        }
    }
}
