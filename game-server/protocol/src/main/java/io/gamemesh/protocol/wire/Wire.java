package io.gamemesh.protocol.wire;

/** Constants of the wire format; {@code docs/protocol.md} has them in context. */
public final class Wire {

    /** The application protocol that both sides offer in the TLS handshake (RFC 7301). */
    public static final String ALPN = "gamemesh/1";

    /** Version of the messages, first field of {@link ToServer.Hello} and {@link ToClient.Welcome}. */
    public static final int VERSION = 1;

    /** Capability: datagrams may go sealed beside QUIC. A bit of {@link ToServer.Hello} and {@link ToClient.Welcome}. */
    public static final long SEALED = 1;

    /**
     * Capability: a client that has the world's generator is told of edits alone. Its {@link ToServer.Hello} lists the
     * generators that it has; the bit is in {@link ToClient.Welcome} if the world's is one of them.
     */
    public static final long GENERATOR = 2;

    /** Capability: players carry items, which they drop, pick up and exchange. */
    public static final long ITEMS = 4;

    /** Capability: a client is told who takes over if its server falls silent, in {@link ToClient.Standby}. */
    public static final long STANDBY = 8;

    /** Capability: a client connects ahead to servers whose regions its player comes near, when it is told to. */
    public static final long PREPARE = 16;

    /** All capabilities that this version knows. */
    public static final long CAPABILITIES = SEALED | GENERATOR | ITEMS | STANDBY | PREPARE;

    /**
     * Beside the capabilities of a {@link ToServer.Hello}: the connection is made ahead, its player is in a region of another
     * server. In {@link ToClient.Welcome} if the server waits for the player to come over a border.
     */
    public static final long AHEAD = 32;

    /** The greatest pitch of 16 bits either way, 1/65536 turns: straight up or down. */
    public static final int MAX_PITCH = 1 << 14;

    /** How fast something can be thrown, 1/128 m/s: 8 m/s. */
    public static final int MAX_THROW = 8 * 128;

    /** For how long an offered trade waits for its answer, seconds. */
    public static final int TRADE_SECONDS = 20;

    /** Longest name of a generator, in bytes of UTF-8. */
    public static final int MAX_GENERATOR_NAME = 64;

    /** Most generators that a client may list. */
    public static final int MAX_GENERATORS = 16;

    /** Greatest length of a stream message to a server, type byte included and length prefix not, in bytes. */
    public static final int MAX_MESSAGE_TO_SERVER = 64 * 1024;

    /** Greatest length of a stream message to a client, type byte included and length prefix not, in bytes. */
    public static final int MAX_MESSAGE_TO_CLIENT = 1024 * 1024;

    /**
     * Greatest length of a datagram's payload, in bytes. What is left of the 1200 bytes that every QUIC path carries
     * (RFC 9000, section 14) after the short header, the frame header and the authentication tag.
     */
    public static final int MAX_DATAGRAM = 1150;

    /** Bytes of a player's id; as long as the subject of a token may be (OpenID Connect Core 1.0, section 2). */
    public static final int MAX_PLAYER_ID = 255;

    /** Longest name of a player, in bytes of UTF-8. */
    public static final int MAX_PLAYER_NAME = 64;

    /** Longest authentication token, in bytes. */
    public static final int MAX_TOKEN = 16 * 1024;

    /** Longest ticket, in bytes. */
    public static final int MAX_TICKET = 1024;

    /** Longest {@code host:port}, in bytes. */
    public static final int MAX_ADDRESS = 261;

    /** Longest reason given with an error, in bytes of UTF-8. */
    public static final int MAX_REASON = 512;

    /** Most kinds of block; block ids are below it. */
    public static final int MAX_BLOCKS = 4096;

    /** Greatest length of a coded section, header included, in bytes: twelve bits a block. */
    public static final int MAX_SECTION = 5 + 4096 * 12 / 8;

    /** Greatest number of blocks in one message of changes. */
    public static final int MAX_BLOCK_CHANGES = 1024;

    /** Most sections in the box of a {@link SectionSet}. */
    public static final int MAX_SECTION_SET = 1 << 15;

    /** Most inputs in one {@link InputDatagram}. */
    public static final int MAX_INPUTS = 8;

    /** Most parts that the snapshot of one tick is split into. */
    public static final int MAX_SNAPSHOT_PARTS = 64;

    /** Greatest value of a variable-length integer (RFC 9000, section 16). */
    public static final long MAX_VARINT = (1L << 62) - 1;

    private Wire() {}
}
