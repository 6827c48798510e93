package io.gamemesh.protocol.snapshot;

/** Constants of the datagrams of snapshots; {@code docs/protocol.md} has them in context. */
public final class SnapshotFormat {

    /** First byte of a datagram of a snapshot. */
    public static final int TYPE = 0x01;

    /** A record may be told as the difference from one of less than so many ticks ago. */
    public static final int HISTORY = 64;

    /** Numbers of entities are below it. */
    public static final int MAX_ENTITIES = 1 << 16;

    /** Most entities in one datagram. */
    public static final int MAX_UPDATES = 8_000;

    /** So many datagrams before the newest one are acknowledged one by one. */
    public static final int ACKNOWLEDGED = 32;

    /** The greatest order of the codes of gaps between numbers. */
    public static final int MAX_GAP_ORDER = 15;

    static final int START = 1;
    static final int SELF = 2;
    static final int ALL_FLAGS = START | SELF;
    static final int GAP_SHIFT = 4;

    static final int AGE_BITS = 6;
    static final int KIND_BITS = 8;
    static final int LOW_BITS = 3;
    static final int LOW_OFFSET = 4;

    static final int APPEARED_HEAD_BITS = 2 + 64 + KIND_BITS;

    /** Bits that an entity takes that has gone out of sight, its number not counted. */
    public static final int GONE_BITS = 2;

    private SnapshotFormat() {}
}
