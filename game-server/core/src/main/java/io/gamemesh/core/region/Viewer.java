package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.Quantized;
import org.agrona.collections.LongHashSet;

/** One session: what its player wants, and what its client has been told. */
final class Viewer {

    private static final int MAX_KNOWN_ENTITIES = 4096;

    final long session;
    final long entityId;
    final LongHashSet sections = new LongHashSet();
    private final LongHashSet knownEntities = new LongHashSet();

    double wishX;
    double wishY;
    double wishZ;
    int yaw;
    int pitch;
    boolean sprint;
    boolean jump;
    boolean turned;
    long lastInput;
    long lastInputTick;

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
        this.editAllowance = editAllowance;
    }

    /** Takes what is new in a datagram; the newest input says where to go, any may jump. */
    void apply(InputDatagram datagram, long tick) {
        InputDatagram.Input newest = datagram.inputs().getFirst();
        if (newest.sequence() <= lastInput) {
            return;
        }
        for (InputDatagram.Input input : datagram.inputs()) {
            jump |= input.sequence() > lastInput && (input.flags() & InputDatagram.JUMP) != 0;
        }
        lastInput = newest.sequence();
        lastInputTick = tick;
        wishX = Quantized.toMetres(newest.moveX());
        wishY = Quantized.toMetres(newest.moveY());
        wishZ = Quantized.toMetres(newest.moveZ());
        yaw = newest.yaw();
        pitch = newest.pitch();
        sprint = (newest.flags() & InputDatagram.SPRINT) != 0;
        turned = true;
    }

    /** A client that says nothing any more stands still. */
    void stopWishing() {
        wishX = 0;
        wishY = 0;
        wishZ = 0;
        sprint = false;
    }

    /** True the first time; after very many others perhaps once more, which does no harm. */
    boolean learns(long seenEntity) {
        if (knownEntities.size() >= MAX_KNOWN_ENTITIES) {
            knownEntities.clear();
        }
        return knownEntities.add(seenEntity);
    }
}
