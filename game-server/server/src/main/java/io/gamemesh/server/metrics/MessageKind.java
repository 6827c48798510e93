package io.gamemesh.server.metrics;

import java.util.Locale;

/** What is told apart of what players are sent and send. */
public enum MessageKind {
    /** Snapshots, each a datagram. */
    SNAPSHOT(0),
    /** Sections of terrain, which are as generated, and which to forget. */
    TERRAIN(1),
    /** Blocks that are others now, what players ask to be, and what becomes of that. */
    EDIT(2),
    /** What players do, each a datagram. */
    INPUT(3),
    /** All else. */
    CONTROL(4),
    /** Sections of terrain as what was edited of them alone, to clients that have the generator. */
    SECTION_EDITS(5);

    private final int place;

    MessageKind(int place) {
        this.place = place;
    }

    /** Where its numbers are in an array with some for each kind. */
    int place() {
        return place;
    }

    /** Its name in metrics. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
