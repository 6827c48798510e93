package io.gamemesh.core.transfer;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and verifies tickets with HMAC-SHA256 (RFC 2104, FIPS 180-4) under the mesh's ticket key. Immutable, safe for
 * any thread.
 *
 * <p>Layout, big-endian: version (1 byte), flags (1, zero), player id (1 of length, then UTF-8), name (1, then UTF-8),
 * entity id (8), hop (4), position (3 x 8, IEEE 754), region (8), expiry (8), then the MAC of all of it (32).
 */
public final class TicketSeal {

    /** Bytes that a key must have. */
    public static final int KEY_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;
    private static final byte VERSION = 1;
    private static final int MAX_TEXT = 255;
    private static final int FIXED_BYTES = 2 + 2 + 8 + 4 + 3 * 8 + 8 + 8 + MAC_BYTES;
    private static final int MAX_BYTES = FIXED_BYTES + 2 * MAX_TEXT;

    private final SecretKeySpec key;

    /**
     * A seal with that key, which is copied.
     *
     * @throws IllegalArgumentException if it does not have {@value #KEY_BYTES} bytes
     */
    public TicketSeal(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("the ticket key has " + key.length + " bytes, expected " + KEY_BYTES);
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * The ticket's bytes, signed.
     *
     * @throws IllegalArgumentException if a text is empty or longer than 255 bytes, or the hop is negative
     */
    public byte[] seal(Ticket ticket) {
        byte[] playerId = text("player id", ticket.playerId());
        byte[] name = text("name", ticket.name());
        if (ticket.hop() < 0) {
            throw new IllegalArgumentException("hop of a ticket is " + ticket.hop() + ", expected 0 or more");
        }
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + playerId.length + name.length);
        out.put(VERSION).put((byte) 0);
        out.put((byte) playerId.length).put(playerId);
        out.put((byte) name.length).put(name);
        out.putLong(ticket.entity().packed()).putInt(ticket.hop());
        out.putDouble(ticket.position().x());
        out.putDouble(ticket.position().y());
        out.putDouble(ticket.position().z());
        out.putLong(ticket.region().packed()).putLong(ticket.expiresAtMillis());
        out.put(mac(out.array(), out.position()));
        return out.array();
    }

    private static byte[] text(String field, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_TEXT) {
            throw new IllegalArgumentException(
                    field + " of a ticket has " + bytes.length + " bytes, expected 1 to " + MAX_TEXT);
        }
        return bytes;
    }

    /**
     * Reads a ticket. The signature is compared in constant time, before anything else is looked at.
     *
     * @param nowMillis milliseconds since 1970
     * @throws TicketException if the bytes are no ticket, not signed with this key, or the ticket has expired
     */
    public Ticket open(byte[] bytes, long nowMillis) throws TicketException {
        if (bytes.length < FIXED_BYTES || bytes.length > MAX_BYTES) {
            throw new TicketException(
                    "ticket has " + bytes.length + " bytes, expected " + FIXED_BYTES + " to " + MAX_BYTES);
        }
        int signed = bytes.length - MAC_BYTES;
        ByteBuffer given = ByteBuffer.wrap(bytes, signed, MAC_BYTES);
        byte[] givenMac = new byte[MAC_BYTES];
        given.get(givenMac);
        if (!MessageDigest.isEqual(mac(bytes, signed), givenMac)) {
            throw new TicketException("ticket is not signed by this mesh: join without it");
        }
        Ticket ticket = read(ByteBuffer.wrap(bytes, 0, signed));
        if (ticket.expiresAtMillis() <= nowMillis) {
            throw new TicketException(
                    "ticket expired " + (nowMillis - ticket.expiresAtMillis()) + " ms ago: join without it");
        }
        return ticket;
    }

    private static Ticket read(ByteBuffer in) throws TicketException {
        byte version = in.get();
        byte flags = in.get();
        if (version != VERSION || flags != 0) {
            throw new TicketException("ticket has version " + version + " and flags " + flags + ", expected " + VERSION
                    + " and 0: join without it");
        }
        String playerId = text("player id", in);
        String name = text("name", in);
        int expected = FIXED_BYTES - MAC_BYTES - 4;
        if (in.remaining() != expected) {
            throw new TicketException("ticket has " + in.remaining() + " bytes after its texts, expected " + expected);
        }
        try {
            EntityId entity = new EntityId(in.getLong());
            int hop = in.getInt();
            if (hop < 0) {
                throw new TicketException("hop of a ticket is " + hop + ", expected 0 or more");
            }
            Vec3 position = new Vec3(in.getDouble(), in.getDouble(), in.getDouble());
            return new Ticket(playerId, name, entity, hop, position, new RegionId(in.getLong()), in.getLong());
        } catch (IllegalArgumentException e) {
            throw new TicketException("ticket: " + e.getMessage());
        }
    }

    private static String text(String field, ByteBuffer in) throws TicketException {
        int length = in.hasRemaining() ? in.get() & 0xff : 0;
        if (length == 0 || length > in.remaining()) {
            throw new TicketException(field + " of a ticket has " + length + " bytes, expected 1 to "
                    + Math.min(MAX_TEXT, in.remaining()));
        }
        ByteBuffer text = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            CharBuffer decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(text);
            return decoded.toString();
        } catch (CharacterCodingException e) {
            throw new TicketException(field + " of a ticket is not UTF-8");
        }
    }

    private byte[] mac(byte[] bytes, int length) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(bytes, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
