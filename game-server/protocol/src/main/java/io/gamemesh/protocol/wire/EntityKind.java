package io.gamemesh.protocol.wire;

/** Wire numbers of the kinds of entity. A client shows one that it does not know as a plain box. */
public final class EntityKind {

    /** Somebody's player. */
    public static final int PLAYER = 1;

    private EntityKind() {}
}
