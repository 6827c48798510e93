package io.gamemesh.protocol.wire;

/** Wire numbers of the kinds of entity. A client shows one that it does not know as a plain box. */
public final class EntityKind {

    /** Somebody's player. */
    public static final int PLAYER = 1;

    /** Moves by a behaviour of the server's. */
    public static final int CREATURE = 2;

    /** Something that lies about and can be taken. */
    public static final int ITEM = 3;

    /** Turns about any axis, as physics moves it. */
    public static final int BODY = 4;

    private EntityKind() {}
}
