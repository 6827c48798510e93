package io.gamemesh.core.voxel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The edits of one section: few as a sorted list of four bytes each, many as an array with a bit for each block that is
 * edited. In order of their indexes either way. Not thread-safe while it is written to; once {@link #share shared} it is
 * not written to any more.
 */
final class SectionEdits {

    private static final int FEW = 512;
    private static final int MASK_WORDS = Section.VOLUME / Long.SIZE;

    private int count;
    // Indexes and their blocks side by side, or one block for each index of the section.
    private short[] indexes = new short[8];
    private short[] blocks = new short[8];
    private long @Nullable [] present;
    private boolean shared;

    int count() {
        return count;
    }

    /** To be read by others from now on: whoever wants to write, has to copy. */
    void share() {
        shared = true;
    }

    boolean isShared() {
        return shared;
    }

    SectionEdits copy() {
        SectionEdits copy = new SectionEdits();
        copy.count = count;
        copy.indexes = indexes.clone();
        copy.blocks = blocks.clone();
        copy.present = present == null ? null : present.clone();
        return copy;
    }

    boolean has(int index) {
        return present == null
                ? Arrays.binarySearch(indexes, 0, count, (short) index) >= 0
                : (present[index >>> 6] & 1L << index) != 0;
    }

    /** Sets the bit of each index that has an edit. */
    void mark(long[] where) {
        if (present != null) {
            System.arraycopy(present, 0, where, 0, MASK_WORDS);
            return;
        }
        for (int i = 0; i < count; i++) {
            where[indexes[i] >>> 6] |= 1L << indexes[i];
        }
    }

    /** Remembers an edit; says whether there was none at that index. */
    boolean put(int index, short block) {
        if (present == null) {
            int place = Arrays.binarySearch(indexes, 0, count, (short) index);
            if (place >= 0) {
                blocks[place] = block;
                return false;
            }
            if (count < FEW) {
                insert(-place - 1, (short) index, block);
                return true;
            }
        }
        long[] mask = spread();
        boolean added = (mask[index >>> 6] & 1L << index) == 0;
        mask[index >>> 6] |= 1L << index;
        blocks[index] = block;
        count += added ? 1 : 0;
        return added;
    }

    /** Remembers an edit to the same block at each index of a set; says at how many of them there was none. */
    int put(long[] where, short block) {
        int before = count;
        int more = 0;
        for (long word : where) {
            more += Long.bitCount(word);
        }
        if (present == null && count + more > FEW) {
            spread();
        }
        for (int i = 0; i < MASK_WORDS; i++) {
            for (long left = where[i]; left != 0; left &= left - 1) {
                put(i * Long.SIZE + Long.numberOfTrailingZeros(left), block);
            }
        }
        return count - before;
    }

    private void insert(int place, short index, short block) {
        if (count == indexes.length) {
            indexes = Arrays.copyOf(indexes, count * 2);
            blocks = Arrays.copyOf(blocks, count * 2);
        }
        System.arraycopy(indexes, place, indexes, place + 1, count - place);
        System.arraycopy(blocks, place, blocks, place + 1, count - place);
        indexes[place] = index;
        blocks[place] = block;
        count++;
    }

    private long[] spread() {
        long[] mask = present;
        if (mask == null) {
            mask = new long[MASK_WORDS];
            short[] spread = new short[Section.VOLUME];
            for (int i = 0; i < count; i++) {
                mask[indexes[i] >>> 6] |= 1L << indexes[i];
                spread[indexes[i]] = blocks[i];
            }
            indexes = new short[0];
            blocks = spread;
            present = mask;
        }
        return mask;
    }

    void remove(int index) {
        if (present != null) {
            count -= (present[index >>> 6] & 1L << index) != 0 ? 1 : 0;
            present[index >>> 6] &= ~(1L << index);
            return;
        }
        int place = Arrays.binarySearch(indexes, 0, count, (short) index);
        if (place >= 0) {
            count--;
            System.arraycopy(indexes, place + 1, indexes, place, count - place);
            System.arraycopy(blocks, place + 1, blocks, place, count - place);
        }
    }

    void applyTo(MutableSection section) {
        if (present == null) {
            for (int i = 0; i < count; i++) {
                section.set(indexes[i], blocks[i]);
            }
            return;
        }
        for (int i = 0; i < MASK_WORDS; i++) {
            for (long left = present[i]; left != 0; left &= left - 1) {
                int index = i * Long.SIZE + Long.numberOfTrailingZeros(left);
                section.set(index, blocks[index]);
            }
        }
    }

    /** Tells all edits of a section with those section coordinates, in order of their indexes. */
    void forEach(int sectionX, int sectionY, int sectionZ, Terrain.EditConsumer consumer) {
        int x = sectionX * Section.EDGE;
        int y = sectionY * Section.EDGE;
        int z = sectionZ * Section.EDGE;
        if (present == null) {
            for (int i = 0; i < count; i++) {
                int index = indexes[i];
                consumer.accept(x + (index & 15), y + (index >> 8), z + ((index >> 4) & 15), blocks[i]);
            }
            return;
        }
        for (int i = 0; i < MASK_WORDS; i++) {
            for (long left = present[i]; left != 0; left &= left - 1) {
                int index = i * Long.SIZE + Long.numberOfTrailingZeros(left);
                consumer.accept(x + (index & 15), y + (index >> 8), z + ((index >> 4) & 15), blocks[index]);
            }
        }
    }
}
