package io.gamemesh.core.behaviour;

import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Decides for creatures, ten times a second each, whatever the tick rate. One instance decides for all creatures of a
 * server, from any thread: what it wants to know of one the next time it puts into the creature's memory.
 * Implementations are immutable, and allocate nothing.
 */
public interface Behaviour {

    /** Decisions of one creature a second. */
    int RATE = 10;

    /** One creature decides anew. */
    void decide(Creature creature);

    /** What makes behaviours; found by {@link ServiceLoader}. */
    interface Factory {

        /** The name to put into the configuration: lower-case letters, digits and dashes. */
        String name();

        /** The behaviour. */
        Behaviour create();
    }

    /**
     * The behaviour of that name, from the class path's factories.
     *
     * @throws IllegalArgumentException if there is no factory of that name, or there are two
     */
    static Behaviour named(String name) {
        TreeSet<String> names = new TreeSet<>();
        List<Factory> found = ServiceLoader.load(Factory.class, Behaviour.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .peek(factory -> names.add(factory.name()))
                .filter(factory -> factory.name().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("behaviour is '" + name + "' and " + found.size()
                    + " factories have that name, expected exactly one; there are " + names
                    + ". Put a provider of " + Factory.class.getName() + " on the class path");
        }
        return found.getFirst().create();
    }
}
