package io.gamemesh.core.voxel;

import io.gamemesh.protocol.geometry.Box;
import java.util.Arrays;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A generator with edits over it. Edits are kept as they are; generated sections are only cached and can be made again
 * at any time. Lookups are O(1). Not thread-safe.
 */
public final class Terrain {

    /** How far from its origin a terrain reaches, in sections on each axis: 2^20. */
    public static final int REACH = 1 << 20;

    private static final int AXIS_BITS = 21;
    private static final long AXIS_MASK = (1L << AXIS_BITS) - 1;
    private static final int NO_EDIT = -1;

    private final Generator generator;
    private final int originX;
    private final int originY;
    private final int originZ;
    private final int generation;
    private final Long2ObjectHashMap<Int2IntHashMap> edits = new Long2ObjectHashMap<>();
    private int editCount;

    // Two generations instead of a list by age: what was not used while the young one filled up goes with the old one.
    private Long2ObjectHashMap<Section> young = new Long2ObjectHashMap<>();
    private Long2ObjectHashMap<Section> old = new Long2ObjectHashMap<>();
    private long lastKey;
    private @Nullable Section last;

    /** What is told of an edit; world coordinates of the block. */
    @FunctionalInterface
    public interface EditConsumer {

        /** Takes one edit. */
        void accept(int x, int y, int z, short block);
    }

    /**
     * Terrain without edits.
     *
     * @param generator makes what nobody has edited
     * @param originX section coordinates of the middle of what will be asked for
     * @param originY section coordinates
     * @param originZ section coordinates
     * @param cachedSections how many generated sections are kept, 2 or more
     */
    public Terrain(Generator generator, int originX, int originY, int originZ, int cachedSections) {
        if (cachedSections < 2) {
            throw new IllegalArgumentException("cachedSections is " + cachedSections + ", expected 2 or more");
        }
        this.generator = generator;
        this.originX = originX;
        this.originY = originY;
        this.originZ = originZ;
        this.generation = cachedSections / 2;
    }

    /** The block at a place, in world coordinates. */
    public short block(int x, int y, int z) {
        return section(x >> 4, y >> 4, z >> 4).get(Section.index(x & 15, y & 15, z & 15));
    }

    /**
     * The section at section coordinates, edits included. To be read only: an edit goes through {@link #edit}.
     *
     * @throws IllegalArgumentException if it is further than {@link #REACH} from the origin
     */
    public Section section(int x, int y, int z) {
        long key = key(x, y, z);
        if (last != null && key == lastKey) {
            return last;
        }
        Section section = young.get(key);
        if (section == null) {
            section = old.remove(key);
            if (section == null) {
                section = edited(generator.section(x, y, z), edits.get(key));
            }
            keep(key, section);
        }
        lastKey = key;
        last = section;
        return section;
    }

    private void keep(long key, Section section) {
        if (young.size() >= generation) {
            old = young;
            young = new Long2ObjectHashMap<>();
        }
        young.put(key, section);
    }

    private static Section edited(Section section, @Nullable Int2IntHashMap changes) {
        if (changes != null) {
            changes.forEachInt((index, block) -> section.set(index, (short) block));
        }
        return section;
    }

    /** Replaces the block at a place for good; says whether that changed anything. */
    public boolean edit(int x, int y, int z, short block) {
        Section section = section(x >> 4, y >> 4, z >> 4);
        int index = Section.index(x & 15, y & 15, z & 15);
        boolean changes = section.get(index) != block;
        section.set(index, block);
        if (editsOf(key(x >> 4, y >> 4, z >> 4)).put(index, block) == NO_EDIT) {
            editCount++;
        }
        return changes;
    }

    private Int2IntHashMap editsOf(long key) {
        return edits.computeIfAbsent(key, absent -> new Int2IntHashMap(NO_EDIT));
    }

    private void dropCached(long key) {
        young.remove(key);
        old.remove(key);
        last = null;
    }

    /** As {@link #edit}, without generating the section: for many at once, before anybody looks. */
    public void restoreEdit(int x, int y, int z, short block) {
        long key = key(x >> 4, y >> 4, z >> 4);
        if (editsOf(key).put(Section.index(x & 15, y & 15, z & 15), block) == NO_EDIT) {
            editCount++;
        }
        dropCached(key);
    }

    /** Forgets the edit of a place, if there is one: the block is again what the generator made. */
    public void forgetEdit(int x, int y, int z) {
        long key = key(x >> 4, y >> 4, z >> 4);
        Int2IntHashMap ofSection = edits.get(key);
        if (ofSection == null || ofSection.remove(Section.index(x & 15, y & 15, z & 15)) == NO_EDIT) {
            return;
        }
        editCount--;
        if (ofSection.isEmpty()) {
            edits.remove(key);
        }
        dropCached(key);
    }

    /** The number of places with an edit. */
    public int editCount() {
        return editCount;
    }

    /** The number of generated sections kept right now. */
    public int cachedSections() {
        return young.size() + old.size();
    }

    /** True if asking for that section costs no generating. */
    public boolean isCached(int x, int y, int z) {
        long key = key(x, y, z);
        return young.containsKey(key) || old.containsKey(key);
    }

    /**
     * Tells all edits of the sections that share a block with a box, in an order that depends on nothing but what they
     * are.
     */
    public void forEachEdit(Box within, EditConsumer consumer) {
        long[] keys = new long[edits.size()];
        int count = 0;
        for (var it = edits.keySet().iterator(); it.hasNext(); ) {
            long key = it.nextLong();
            if (within.intersects(bounds(key))) {
                keys[count++] = key;
            }
        }
        Arrays.sort(keys, 0, count);
        for (int i = 0; i < count; i++) {
            forEachEdit(keys[i], consumer);
        }
    }

    private Box bounds(long key) {
        double x = sectionX(key) * (double) Section.EDGE;
        double y = sectionY(key) * (double) Section.EDGE;
        double z = sectionZ(key) * (double) Section.EDGE;
        return Box.of(x, y, z, x + Section.EDGE, y + Section.EDGE, z + Section.EDGE);
    }

    private void forEachEdit(long key, EditConsumer consumer) {
        Int2IntHashMap ofSection = edits.get(key);
        int[] indexes = new int[ofSection.size()];
        int count = 0;
        for (var it = ofSection.keySet().iterator(); it.hasNext(); ) {
            indexes[count++] = it.nextValue();
        }
        Arrays.sort(indexes);
        int x = sectionX(key) << 4;
        int y = sectionY(key) << 4;
        int z = sectionZ(key) << 4;
        for (int index : indexes) {
            consumer.accept(x + (index & 15), y + (index >> 8), z + ((index >> 4) & 15), (short) ofSection.get(index));
        }
    }

    /** One number for a section, good within this terrain; section coordinates. */
    public long key(int x, int y, int z) {
        return (relative(x - originX) << (2 * AXIS_BITS))
                | (relative(y - originY) << AXIS_BITS)
                | relative(z - originZ);
    }

    /** The section coordinate that is in a key of {@link #key}. */
    public int sectionX(long key) {
        return axis(key, 2 * AXIS_BITS) + originX;
    }

    /** The section coordinate that is in a key of {@link #key}. */
    public int sectionY(long key) {
        return axis(key, AXIS_BITS) + originY;
    }

    /** The section coordinate that is in a key of {@link #key}. */
    public int sectionZ(long key) {
        return axis(key, 0) + originZ;
    }

    private static long relative(int distance) {
        if (distance < -REACH || distance >= REACH) {
            throw new IllegalArgumentException(
                    "section is " + distance + " sections from the terrain's origin, expected less than " + REACH);
        }
        return distance & AXIS_MASK;
    }

    private static int axis(long key, int shift) {
        return (int) ((key << (Long.SIZE - AXIS_BITS - shift)) >> (Long.SIZE - AXIS_BITS));
    }
}
