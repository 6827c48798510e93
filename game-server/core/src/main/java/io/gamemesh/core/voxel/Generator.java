package io.gamemesh.core.voxel;

import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Makes a world from a seed: the same seed gives the same blocks on every machine, in every order of asking.
 * Implementations are immutable and safe for any thread.
 */
public interface Generator {

    /**
     * All blocks of one section.
     *
     * @param x section coordinates: block coordinates over 16, rounded down
     * @param y section coordinates
     * @param z section coordinates
     */
    Section section(int x, int y, int z);

    /**
     * The least height at and above which the column is free of solid blocks as generated: where to put somebody.
     *
     * @param x block coordinates
     * @param z block coordinates
     */
    int surface(int x, int z);

    /** What makes generators; found by {@link ServiceLoader}. */
    interface Factory {

        /** The name to put into {@code spec.world.generator}: lower-case letters, digits and dashes. */
        String name();

        /** A generator for a world with that seed. */
        Generator create(long seed);
    }

    /**
     * The generator of that name, from the class path's factories.
     *
     * @throws IllegalArgumentException if there is no factory of that name, or there are two
     */
    static Generator named(String name, long seed) {
        TreeSet<String> names = new TreeSet<>();
        List<Factory> found = ServiceLoader.load(Factory.class, Generator.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .peek(factory -> names.add(factory.name()))
                .filter(factory -> factory.name().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("generator is '" + name + "' and " + found.size()
                    + " factories have that name, expected exactly one; there are " + names
                    + ". Put a provider of " + Factory.class.getName() + " on the class path");
        }
        return found.getFirst().create(seed);
    }
}
