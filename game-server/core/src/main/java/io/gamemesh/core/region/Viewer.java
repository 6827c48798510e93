package io.gamemesh.core.region;

import org.agrona.collections.LongHashSet;

/** One session: what its player wants, and what its client has been told. */
final class Viewer {

    private static final int MAX_KNOWN_ENTITIES = 4096;

    final long session;
    final long entityId;
    final LongHashSet sections = new LongHashSet();
    private final LongHashSet knownEntities = new LongHashSet();

    final Controls controls;
    // Sequence number of the newest input that is done.
    long lastInput;

    double editAllowance;
    int terrainAllowance;
    // Which of the offsets, nearest first, is next to look at; all before it have been sent.
    int nextOffset;
    int sectionX = Integer.MIN_VALUE;
    int sectionY;
    int sectionZ;
    long nextLocatedNanos = Long.MIN_VALUE;

    Viewer(long session, long entityId, long lastInput, double editAllowance) {
        this.session = session;
        this.entityId = entityId;
        this.lastInput = lastInput;
        this.controls = new Controls(lastInput);
        this.editAllowance = editAllowance;
    }

    /** True the first time; after very many others perhaps once more, which does no harm. */
    boolean learns(long seenEntity) {
        if (knownEntities.size() >= MAX_KNOWN_ENTITIES) {
            knownEntities.clear();
        }
        return knownEntities.add(seenEntity);
    }
}
