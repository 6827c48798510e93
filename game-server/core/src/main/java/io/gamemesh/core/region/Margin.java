package io.gamemesh.core.region;

/** How far over its border a region still holds an entity. */
final class Margin {

    /** An entity further out than this crosses; it has to come back as far, so that it cannot flutter. */
    static final double CROSSING_METRES = 1.0;

    /** No entity of a region is ever further out than this. */
    static final double METRES = 64.0;

    private Margin() {}
}
