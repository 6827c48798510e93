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

    /** The head of a player in virtual reality; told under the player's id. */
    public static final int HEAD = 5;

    /** As {@link #HEAD}. */
    public static final int LEFT_HAND = 6;

    /** As {@link #HEAD}. */
    public static final int RIGHT_HAND = 7;

    /** How many kinds of part a player can have, from {@link #HEAD} on. */
    public static final int PARTS = 3;

    private EntityKind() {}

    /** Whether it is a part of a player. */
    public static boolean isPart(int kind) {
        return kind >= HEAD && kind < HEAD + PARTS;
    }
}
