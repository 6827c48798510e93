package io.gamemesh.core.voxel;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the sections that another generator has made, for all regions of a server and whoever else reads terrain: what
 * one has asked for, the next one gets, with what it was coded as. Sections of one kind of block are not kept, since
 * making them again costs less than what they would take the place of.
 *
 * <p>Safe for any thread; lookups don't wait for each other, and nobody waits while a section is made. That two threads
 * may make the same one at once costs time and nothing else.
 */
public final class CachingGenerator implements Generator {

    private final Generator generator;
    private final int generation;

    // Two generations instead of a list by age: what was not used while the young one filled up goes with the old one.
    private volatile Generations kept = new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    private record Place(int x, int y, int z) {}

    private record Generations(ConcurrentHashMap<Place, Section> young, ConcurrentHashMap<Place, Section> old) {}

    /**
     * Keeps what that generator makes.
     *
     * @param maxSections how many are kept, 2 or more; a section takes up to 2.5 KB and as much again once it is coded
     */
    public CachingGenerator(Generator generator, int maxSections) {
        if (maxSections < 2) {
            throw new IllegalArgumentException("maxSections is " + maxSections + ", expected 2 or more");
        }
        this.generator = generator;
        this.generation = maxSections / 2;
    }

    @Override
    public Section section(int x, int y, int z) {
        Place place = new Place(x, y, z);
        Generations now = kept;
        Section known = now.young.get(place);
        if (known != null) {
            return known;
        }
        Section section = now.old.get(place);
        if (section == null) {
            section = generator.section(x, y, z);
        }
        if (!section.isUniform()) {
            keep(place, section);
        }
        return section;
    }

    private void keep(Place place, Section section) {
        if (kept.young.size() >= generation) {
            synchronized (this) {
                if (kept.young.size() >= generation) {
                    kept = new Generations(new ConcurrentHashMap<>(), kept.young);
                }
            }
        }
        kept.young.put(place, section);
    }

    @Override
    public int surface(int x, int z) {
        return generator.surface(x, z);
    }

    /**
     * The number of sections that are kept right now. Threads that keep one at the same moment may exceed what was asked
     * for by one each.
     */
    public int keptSections() {
        Generations now = kept;
        return now.young.size() + now.old.size();
    }
}
