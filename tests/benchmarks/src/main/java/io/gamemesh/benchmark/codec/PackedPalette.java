package io.gamemesh.benchmark.codec;

import io.gamemesh.core.voxel.Section;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A palette and indexes into it packed in longs, as Minecraft has them: at least four bits each, none of them across two
 * longs. Ids and their number are two bytes each.
 */
final class PackedPalette {

    /** Bytes that no packed section exceeds: as many ids as blocks, and five indexes of twelve bits to a long. */
    static final int MAX_LENGTH = 2 + 2 * Section.VOLUME + Long.BYTES * (Section.VOLUME / 5 + 1);

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int LEAST_BITS = 4;
    private static final int IDS = 4096;
    private static final short ABSENT = -1;

    private final short[] indexes = new short[IDS];
    private final short[] palette = new short[IDS];

    /** Packs blocks, and says how many bytes that are. */
    int pack(short[] blocks, byte[] output) {
        Arrays.fill(indexes, ABSENT);
        int kinds = 0;
        for (short block : blocks) {
            if (indexes[block] == ABSENT) {
                indexes[block] = (short) kinds;
                palette[kinds++] = block;
            }
        }
        SHORT.set(output, 0, (short) kinds);
        for (int i = 0; i < kinds; i++) {
            SHORT.set(output, 2 + 2 * i, palette[i]);
        }
        int bits = bits(kinds);
        int each = Long.SIZE / bits;
        int at = 2 + 2 * kinds;
        for (int first = 0; first < Section.VOLUME; first += each) {
            long word = 0;
            for (int i = Math.min(first + each, Section.VOLUME) - 1; i >= first; i--) {
                word = (word << bits) | indexes[blocks[i]];
            }
            LONG.set(output, at, word);
            at += Long.BYTES;
        }
        return at;
    }

    /** Unpacks blocks. */
    void unpack(byte[] packed, short[] blocks) {
        int kinds = (short) SHORT.get(packed, 0);
        for (int i = 0; i < kinds; i++) {
            palette[i] = (short) SHORT.get(packed, 2 + 2 * i);
        }
        int bits = bits(kinds);
        int each = Long.SIZE / bits;
        int mask = (1 << bits) - 1;
        int at = 2 + 2 * kinds;
        for (int first = 0; first < Section.VOLUME; first += each) {
            long word = (long) LONG.get(packed, at);
            int end = Math.min(first + each, Section.VOLUME);
            for (int i = first; i < end; i++) {
                blocks[i] = palette[(int) word & mask];
                word >>>= bits;
            }
            at += Long.BYTES;
        }
    }

    private static int bits(int kinds) {
        return Math.max(LEAST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(kinds - 1));
    }
}
