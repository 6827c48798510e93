package io.gamemesh.core.motion;

/** What a block is to somebody who moves. */
public enum Matter {
    /** Lets everything through. */
    OPEN,
    /** To swim in. */
    WATER,
    /** Lets nothing through. */
    SOLID
}
