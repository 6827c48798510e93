package io.gamemesh.core.voxel;

import io.gamemesh.protocol.geometry.Box;
import java.util.Arrays;

/**
 * A terrain as it was at one moment. Immutable, and safe for any thread however it gets there: all that a reader follows
 * is reached through final fields (JLS 17.5), and nobody writes to it once it is made.
 */
public final class TerrainSnapshot {

    private final Generator generator;
    private final SectionKeys keys;
    private final long[] sorted;
    private final SectionEdits[] edits;
    private final int editCount;

    TerrainSnapshot(Generator generator, SectionKeys keys, long[] sorted, SectionEdits[] edits, int editCount) {
        this.generator = generator;
        this.keys = keys;
        this.sorted = sorted;
        this.edits = edits;
        this.editCount = editCount;
    }

    /**
     * A section with its edits, at section coordinates. Made for each call: it costs generating it, unless the generator
     * keeps what it has made.
     */
    public Section section(int x, int y, int z) {
        Section generated = generator.section(x, y, z);
        int place = Arrays.binarySearch(sorted, keys.key(x, y, z));
        if (place < 0) {
            return generated;
        }
        MutableSection section = new MutableSection(generated);
        edits[place].applyTo(section);
        return section.snapshot();
    }

    /** The number of places with an edit. */
    public int editCount() {
        return editCount;
    }

    /** Tells all edits of the sections that share a block with a box, in the order in which {@link Terrain} does. */
    public void forEachEdit(Box within, Terrain.EditConsumer consumer) {
        for (int i = 0; i < sorted.length; i++) {
            long key = sorted[i];
            if (within.intersects(keys.bounds(key))) {
                edits[i].forEach(keys.x(key), keys.y(key), keys.z(key), consumer);
            }
        }
    }
}
