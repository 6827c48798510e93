package io.gamemesh.protocol.terrain;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.WireFormatException;
import java.nio.ByteBuffer;

/** How a section is coded; the number is in the flags of its header. {@code docs/protocol.md} has the layouts. */
public enum SectionForm {
    /** One kind of block throughout. */
    UNIFORM(0),
    /** A palette, and an index into it for each block. */
    PACKED(1),
    /** Twelve bits for each block, where a palette would be longer. */
    DIRECT(2),
    /** Each block as what its neighbours make likely, and where that is wrong, as what it is. */
    PREDICTED(3),
    /** As {@link #PREDICTED}, of the blocks that differ from what the generator makes. */
    CHANGES(4),
    /** As the generator makes it. */
    UNTOUCHED(5);

    /** Version of the coding, first byte of a coded section. */
    public static final int VERSION = 1;

    /** Bytes of a header: version, flags, and the length of the rest in three bytes. */
    public static final int HEADER = 5;

    private static final SectionForm[] FORMS = values();

    private final int flags;

    SectionForm(int flags) {
        this.flags = flags;
    }

    /** What the header says of it; also its place among the forms. */
    int flags() {
        return flags;
    }

    /** True if decoding needs what the generator makes of the section. */
    public boolean needsGenerator() {
        return this == CHANGES || this == UNTOUCHED;
    }

    /**
     * The form that a header says; looks at nothing else.
     *
     * @throws WireFormatException if the header is truncated, of another version, of an unknown form, or has another
     *     length than what follows it
     */
    public static SectionForm of(Bytes section) {
        return of(section.asReadOnlyBuffer());
    }

    static SectionForm of(ByteBuffer section) {
        int length = section.remaining();
        if (length < HEADER) {
            throw malformed("section header needs " + HEADER + " bytes, " + length + " are left");
        }
        int version = section.get(0) & 0xff;
        if (version != VERSION) {
            throw malformed("section version is " + version + ", expected " + VERSION);
        }
        int flags = section.get(1) & 0xff;
        if (flags >= FORMS.length) {
            throw malformed("section flags are " + flags + ", expected 0 to " + (FORMS.length - 1));
        }
        int body = ((section.get(2) & 0xff) << 16) | ((section.get(3) & 0xff) << 8) | (section.get(4) & 0xff);
        if (body != length - HEADER) {
            throw malformed("section length is " + body + ", expected the " + (length - HEADER) + " bytes that follow");
        }
        return FORMS[flags];
    }

    static WireFormatException malformed(String message) {
        return new WireFormatException(CloseCode.MALFORMED, message);
    }
}
