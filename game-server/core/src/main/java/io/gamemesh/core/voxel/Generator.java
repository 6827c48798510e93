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

        /**
         * 1 or more; to be raised with each release in which some seed makes other blocks. Clients with the same version make
         * the same blocks.
         */
        default int version() {
            return 1;
        }

        /** A generator for a world with that seed. */
        Generator create(long seed);
    }

    /**
     * The generator of that name, from the class path's factories.
     *
     * @throws IllegalArgumentException if there is no factory of that name, or there are two
     */
    static Generator named(String name, long seed) {
        return factory(name).create(seed);
    }

    /**
     * The factory of that name.
     *
     * @throws IllegalArgumentException if there is none of that name, or there are two
     */
    static Factory factory(String name) {
        List<Factory> found = factories().stream()
                .filter(factory -> factory.name().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("generator is '" + name + "' and " + found.size()
                    + " factories have that name, expected exactly one; there are "
                    + new TreeSet<>(factories().stream().map(Factory::name).toList())
                    + ". Put a provider of " + Factory.class.getName() + " on the class path");
        }
        return found.getFirst();
    }

    /** What is on the class path. */
    static List<Factory> factories() {
        return ServiceLoader.load(Factory.class, Generator.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
