package io.gamemesh.core.voxel;

import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.wire.EditShape;
import java.util.Arrays;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A generator with edits over it. Edits are kept as they are; generated sections are only cached and can be made again
 * at any time. Lookups are O(1), and neither they nor edits of places that were edited before allocate.
 *
 * <p>Not thread-safe: one thread at a time reads and edits. What other threads are to read, they are given:
 * {@link #section} is one section and {@link #snapshot} the whole as it is at that moment, both immutable, and both share
 * memory with this terrain until it is edited there.
 */
public final class Terrain {

    /** How far from its origin a terrain reaches, in sections on each axis: 2^20. */
    public static final int REACH = SectionKeys.REACH;

    private final Generator generator;
    private final SectionKeys keys;
    private final int generation;
    private final Long2ObjectHashMap<SectionEdits> edits = new Long2ObjectHashMap<>();
    private int editCount;
    private @Nullable TerrainSnapshot snapshot;

    // What a bulk edit covers and changes of a section.
    private final long[] covered = new long[Section.VOLUME / Long.SIZE];
    private final long[] changed = new long[Section.VOLUME / Long.SIZE];
    private final long[] editedBefore = new long[Section.VOLUME / Long.SIZE];

    // Two generations instead of a list by age: what was not used while the young one filled up goes with the old one.
    private Long2ObjectHashMap<MutableSection> young = new Long2ObjectHashMap<>();
    private Long2ObjectHashMap<MutableSection> old = new Long2ObjectHashMap<>();
    private long lastKey;
    private @Nullable MutableSection last;

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
        this.keys = new SectionKeys(originX, originY, originZ);
        this.generation = cachedSections / 2;
    }

    /** The block at a place, in world coordinates. */
    public short block(int x, int y, int z) {
        return cached(x >> 4, y >> 4, z >> 4).get(Section.index(x & 15, y & 15, z & 15));
    }

    /**
     * The section at section coordinates as it is now, edits included; the same object until it is edited.
     *
     * @throws IllegalArgumentException if it is further than {@link #REACH} from the origin
     */
    public Section section(int x, int y, int z) {
        return cached(x, y, z).snapshot();
    }

    /** The section at section coordinates as generated. */
    public Section generated(int x, int y, int z) {
        return generator.section(x, y, z);
    }

    /** True if a place in the section at section coordinates has an edit; generates nothing. */
    public boolean isEdited(int x, int y, int z) {
        return edits.containsKey(keys.key(x, y, z));
    }

    /** True if the place has an edit, of whatever block; world coordinates of the block. Generates nothing. */
    public boolean hasEdit(int x, int y, int z) {
        SectionEdits known = edits.get(keys.key(x >> 4, y >> 4, z >> 4));
        return known != null && known.has(Section.index(x & 15, y & 15, z & 15));
    }

    private MutableSection cached(int x, int y, int z) {
        long key = keys.key(x, y, z);
        MutableSection known = last;
        if (known != null && key == lastKey) {
            return known;
        }
        MutableSection section = young.get(key);
        if (section == null) {
            section = old.remove(key);
            if (section == null) {
                section = new MutableSection(generator.section(x, y, z));
                SectionEdits changes = edits.get(key);
                if (changes != null) {
                    changes.applyTo(section);
                }
            }
            keep(key, section);
        }
        lastKey = key;
        last = section;
        return section;
    }

    private void keep(long key, MutableSection section) {
        if (young.size() >= generation) {
            old = young;
            young = new Long2ObjectHashMap<>();
        }
        young.put(key, section);
    }

    /** Replaces the block at a place for good; says whether that changed anything. */
    public boolean edit(int x, int y, int z, short block) {
        int index = Section.index(x & 15, y & 15, z & 15);
        boolean changes = cached(x >> 4, y >> 4, z >> 4).set(index, block);
        putEdit(keys.key(x >> 4, y >> 4, z >> 4), index, block);
        return changes;
    }

    private void putEdit(long key, int index, short block) {
        if (editsToWrite(key).put(index, block)) {
            editCount++;
        }
    }

    /**
     * Makes a bulk edit, section by section, and tells of each section in which it changes something just before it does;
     * says how many blocks it has changed. Only those are edits afterwards. Allocates little but what the edits and palettes
     * take.
     */
    public int edit(BulkEdit edit, Consumer<SectionChanges> consumer) {
        EditShape shape = edit.shape();
        int count = 0;
        for (int x = shape.minX() >> 4; x <= shape.maxX() >> 4; x++) {
            for (int y = shape.minY() >> 4; y <= shape.maxY() >> 4; y++) {
                for (int z = shape.minZ() >> 4; z <= shape.maxZ() >> 4; z++) {
                    count += edit(edit, x, y, z, consumer);
                }
            }
        }
        return count;
    }

    private int edit(BulkEdit edit, int x, int y, int z, Consumer<SectionChanges> consumer) {
        MutableSection section = cached(x, y, z);
        cover(edit, x << 4, y << 4, z << 4);
        if (edit.replaced().isPresent()) {
            section.find((short) edit.replaced().getAsInt(), changed);
            for (int i = 0; i < covered.length; i++) {
                covered[i] &= changed[i];
            }
        }
        section.find(edit.block(), changed);
        int count = 0;
        for (int i = 0; i < covered.length; i++) {
            changed[i] = covered[i] & ~changed[i];
            count += Long.bitCount(changed[i]);
        }
        if (count == 0) {
            return 0;
        }
        long key = keys.key(x, y, z);
        SectionEdits known = edits.get(key);
        Arrays.fill(editedBefore, 0);
        if (known != null) {
            known.mark(editedBefore);
        }
        consumer.accept(new SectionChanges(x, y, z, changed, editedBefore, count, edit.block()));
        editCount += editsToWrite(key).put(changed, edit.block());
        return section.fill(covered, edit.block(), changed);
    }

    /** Which blocks of a section an edit covers; world coordinates of the section's least corner. */
    private void cover(BulkEdit edit, int minX, int minY, int minZ) {
        EditShape shape = edit.shape();
        Arrays.fill(covered, 0);
        int lastY = Math.min(shape.maxY() - minY, Section.EDGE - 1);
        int lastZ = Math.min(shape.maxZ() - minZ, Section.EDGE - 1);
        for (int y = Math.max(shape.minY() - minY, 0); y <= lastY; y++) {
            for (int z = Math.max(shape.minZ() - minZ, 0); z <= lastZ; z++) {
                int first = Math.max(edit.firstX(minY + y, minZ + z) - minX, 0);
                int last = Math.min(edit.lastX(minY + y, minZ + z) - minX, Section.EDGE - 1);
                if (first <= last) {
                    int row = Section.index(0, y, z);
                    covered[row >>> 6] |= ((2L << last) - (1L << first)) << row;
                }
            }
        }
    }

    private SectionEdits editsToWrite(long key) {
        snapshot = null;
        SectionEdits ofSection = edits.get(key);
        if (ofSection == null) {
            ofSection = new SectionEdits();
            edits.put(key, ofSection);
        } else if (ofSection.isShared()) {
            ofSection = ofSection.copy();
            edits.put(key, ofSection);
        }
        return ofSection;
    }

    /**
     * All of it as it is now, for other threads to read. Takes time linear in the number of sections with edits, unless
     * there was no edit since the last one was taken; the edits themselves are shared until the next edit of their section.
     */
    public TerrainSnapshot snapshot() {
        TerrainSnapshot known = snapshot;
        if (known == null) {
            long[] sorted = new long[edits.size()];
            int count = 0;
            for (var it = edits.keySet().iterator(); it.hasNext(); ) {
                sorted[count++] = it.nextLong();
            }
            Arrays.sort(sorted);
            SectionEdits[] ofSections = new SectionEdits[count];
            for (int i = 0; i < count; i++) {
                ofSections[i] = edits.get(sorted[i]);
                ofSections[i].share();
            }
            known = new TerrainSnapshot(generator, keys, sorted, ofSections, editCount);
            snapshot = known;
        }
        return known;
    }

    private void dropCached(long key) {
        young.remove(key);
        old.remove(key);
        last = null;
    }

    /** As {@link #edit}, without generating the section: for many at once, before anybody looks. */
    public void restoreEdit(int x, int y, int z, short block) {
        long key = keys.key(x >> 4, y >> 4, z >> 4);
        putEdit(key, Section.index(x & 15, y & 15, z & 15), block);
        dropCached(key);
    }

    /** Forgets the edit of a place, if there is one: the block is again what the generator made. */
    public void forgetEdit(int x, int y, int z) {
        long key = keys.key(x >> 4, y >> 4, z >> 4);
        int index = Section.index(x & 15, y & 15, z & 15);
        SectionEdits known = edits.get(key);
        if (known == null || !known.has(index)) {
            return;
        }
        SectionEdits ofSection = editsToWrite(key);
        ofSection.remove(index);
        editCount--;
        if (ofSection.count() == 0) {
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
        long key = keys.key(x, y, z);
        return young.containsKey(key) || old.containsKey(key);
    }

    /**
     * Tells all edits of the sections that share a block with a box, in an order that depends on nothing but what they
     * are.
     */
    public void forEachEdit(Box within, EditConsumer consumer) {
        long[] near = new long[edits.size()];
        int count = 0;
        for (var it = edits.keySet().iterator(); it.hasNext(); ) {
            long key = it.nextLong();
            if (within.intersects(keys.bounds(key))) {
                near[count++] = key;
            }
        }
        Arrays.sort(near, 0, count);
        for (int i = 0; i < count; i++) {
            long key = near[i];
            edits.get(key).forEach(keys.x(key), keys.y(key), keys.z(key), consumer);
        }
    }

    /** One number for a section, good within this terrain; section coordinates. */
    public long key(int x, int y, int z) {
        return keys.key(x, y, z);
    }

    /** The section coordinate that is in a key of {@link #key}. */
    public int sectionX(long key) {
        return keys.x(key);
    }

    /** The section coordinate that is in a key of {@link #key}. */
    public int sectionY(long key) {
        return keys.y(key);
    }

    /** The section coordinate that is in a key of {@link #key}. */
    public int sectionZ(long key) {
        return keys.z(key);
    }
}
