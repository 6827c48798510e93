package io.gamemesh.protocol.terrain;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Codes sections in the shortest {@link SectionForm}. Linear time, and no allocation but the result's; equal sections
 * are equal bytes. Not thread-safe: one for each thread.
 */
public final class SectionEncoder {

    private static final short ABSENT = -1;
    private static final short UNCHANGED = -1;
    private static final int ID_BITS = 12;

    private final byte[] output = new byte[2 * SectionDecoder.MAX_LENGTH];
    private final short[] symbolOf = new short[Wire.MAX_BLOCKS];
    private final short[] palette = new short[Wire.MAX_BLOCKS];
    private final int[] counts = new int[SectionDecoder.MOST_SYMBOLS];
    private final Prediction prediction = new Prediction(output);
    private int kinds;

    /** A section that is {@code block} throughout. */
    public Bytes uniform(int block) {
        header(SectionForm.UNIFORM, 2);
        put(SectionForm.HEADER, block(block), 2);
        return bytes(SectionForm.HEADER + 2);
    }

    /**
     * A whole section.
     *
     * @param blocks 4,096 block ids; block (x, y, z) of the section has index {@code (y * 16 + z) * 16 + x}
     * @throws IllegalArgumentException if there are not 4,096, or one is not below {@link Wire#MAX_BLOCKS}
     */
    public Bytes encode(short[] blocks) {
        requireVolume(blocks);
        findKinds(blocks);
        if (kinds == 1) {
            return uniform(blocks[0]);
        }
        int packed = SectionForm.HEADER + SectionDecoder.packedLength(palette, kinds);
        int length = Math.min(packed, SectionDecoder.MAX_LENGTH);
        if (kinds <= SectionDecoder.MOST_SYMBOLS) {
            int predicted = predict(blocks, length);
            if (predicted > 0) {
                header(SectionForm.PREDICTED, predicted - SectionForm.HEADER);
                return bytes(predicted);
            }
            findKinds(blocks);
        }
        if (packed < SectionDecoder.MAX_LENGTH) {
            pack(blocks);
        } else {
            direct(blocks);
        }
        return bytes(length);
    }

    /**
     * A section for somebody who has the generator: what differs from what it makes, or the whole section if that is
     * shorter.
     *
     * @param blocks 4,096 block ids
     * @param generated what the generator makes
     * @throws IllegalArgumentException as {@link #encode}
     */
    public Bytes encodeOver(short[] blocks, short[] generated) {
        requireVolume(blocks);
        requireVolume(generated);
        Arrays.fill(symbolOf, ABSENT);
        int changed = 0;
        for (int i = 0; i < Neighbours.VOLUME; i++) {
            if (blocks[i] != generated[i]) {
                symbolOf[block(blocks[i])] = 0;
                changed++;
            }
        }
        if (changed == 0) {
            header(SectionForm.UNTOUCHED, 0);
            return bytes(SectionForm.HEADER);
        }
        listKinds();
        if (changed == Neighbours.VOLUME || kinds >= SectionDecoder.MOST_SYMBOLS) {
            return encode(blocks);
        }
        int length = predictChanges(blocks, generated);
        if (length < 0) {
            return encode(blocks);
        }
        header(SectionForm.CHANGES, length - SectionForm.HEADER);
        Bytes changes = bytes(length);
        Bytes whole = encode(blocks);
        return whole.length() < changes.length() ? whole : changes;
    }

    private int predict(short[] blocks, int below) {
        if (kinds > Neighbours.SYMBOLS) {
            Arrays.fill(counts, 0, kinds, 0);
            for (short block : blocks) {
                counts[symbolOf[block]]++;
            }
            sortByCount(kinds);
        }
        for (int i = 0; i < Neighbours.VOLUME; i += Neighbours.EDGE) {
            long row = 0;
            for (int x = Neighbours.EDGE - 1; x >= 0; x--) {
                row = (row << Neighbours.SYMBOL_BITS) | Math.min(symbolOf[blocks[i + x]], Neighbours.LAST_SYMBOL);
            }
            prediction.set(index(i), row);
        }
        prediction.predict();
        if (kinds > Neighbours.SYMBOLS) {
            int width = SectionDecoder.bits(kinds - Neighbours.LAST_SYMBOL);
            for (short block : blocks) {
                other(symbolOf[block], width);
            }
        }
        return prediction.end(palette, kinds, 0, below);
    }

    /** The symbol of what has not changed comes first, so that it is never one of the others. */
    private int predictChanges(short[] blocks, short[] generated) {
        if (kinds + 1 > Neighbours.SYMBOLS) {
            Arrays.fill(counts, 0, kinds, 0);
            for (int i = 0; i < Neighbours.VOLUME; i++) {
                if (blocks[i] != generated[i]) {
                    counts[symbolOf[blocks[i]]]++;
                }
            }
            sortByCount(kinds);
        }
        System.arraycopy(palette, 0, palette, 1, kinds);
        palette[0] = UNCHANGED;
        for (int i = 0; i < Neighbours.VOLUME; i += Neighbours.EDGE) {
            long row = 0;
            for (int x = Neighbours.EDGE - 1; x >= 0; x--) {
                int symbol = change(blocks, generated, i + x);
                row = (row << Neighbours.SYMBOL_BITS) | Math.min(symbol, Neighbours.LAST_SYMBOL);
            }
            prediction.set(index(i), row);
        }
        prediction.predict();
        if (kinds + 1 > Neighbours.SYMBOLS) {
            int width = SectionDecoder.bits(kinds + 1 - Neighbours.LAST_SYMBOL);
            for (int i = 0; i < Neighbours.VOLUME; i++) {
                other(change(blocks, generated, i), width);
            }
        }
        return prediction.end(palette, kinds + 1, 1, output.length);
    }

    private void other(int symbol, int width) {
        if (symbol >= Neighbours.LAST_SYMBOL) {
            prediction.other(symbol - Neighbours.LAST_SYMBOL, width);
        }
    }

    private int change(short[] blocks, short[] generated, int index) {
        return blocks[index] == generated[index] ? 0 : symbolOf[blocks[index]] + 1;
    }

    /** Rows have no room for the rarest. */
    private void sortByCount(int length) {
        for (int i = 0; i < length; i++) {
            counts[i] = ((Neighbours.VOLUME - counts[i]) << ID_BITS) | palette[i];
        }
        Arrays.sort(counts, 0, length);
        for (int i = 0; i < length; i++) {
            palette[i] = (short) (counts[i] & (Wire.MAX_BLOCKS - 1));
            symbolOf[palette[i]] = (short) i;
        }
    }

    private static int index(int index) {
        return Neighbours.index(index >>> 8, (index >>> 4) & (Neighbours.EDGE - 1));
    }

    private void findKinds(short[] blocks) {
        Arrays.fill(symbolOf, ABSENT);
        for (short block : blocks) {
            symbolOf[block(block)] = 0;
        }
        listKinds();
    }

    private void listKinds() {
        kinds = 0;
        for (int block = 0; block < Wire.MAX_BLOCKS; block++) {
            if (symbolOf[block] != ABSENT) {
                symbolOf[block] = (short) kinds;
                palette[kinds++] = (short) block;
            }
        }
    }

    private void pack(short[] blocks) {
        header(SectionForm.PACKED, SectionDecoder.packedLength(palette, kinds));
        int at = varint(SectionForm.HEADER, kinds);
        for (int i = 0; i < kinds; i++) {
            at = varint(at, palette[i]);
        }
        int bits = SectionDecoder.bits(kinds);
        int pending = 0;
        int count = 0;
        for (short block : blocks) {
            pending |= symbolOf[block] << count;
            count += bits;
            for (; count >= Byte.SIZE; count -= Byte.SIZE) {
                output[at++] = (byte) pending;
                pending >>>= Byte.SIZE;
            }
        }
    }

    private void direct(short[] blocks) {
        header(SectionForm.DIRECT, SectionDecoder.DIRECT_LENGTH);
        int at = SectionForm.HEADER;
        for (int i = 0; i < Neighbours.VOLUME; i += 2) {
            at = put(at, (blocks[i] << SectionDecoder.DIRECT_BITS) | blocks[i + 1], 3);
        }
    }

    private void header(SectionForm form, int length) {
        output[0] = SectionForm.VERSION;
        output[1] = (byte) form.flags();
        put(2, length, 3);
    }

    private int varint(int at, int value) {
        return value < 1 << 6 ? put(at, value, 1) : put(at, value | (1 << 14), 2);
    }

    private int put(int at, int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            output[at + i] = (byte) (value >>> ((bytes - 1 - i) * Byte.SIZE));
        }
        return at + bytes;
    }

    private Bytes bytes(int length) {
        return Bytes.copyOf(ByteBuffer.wrap(output, 0, length));
    }

    private static void requireVolume(short[] blocks) {
        if (blocks.length != Neighbours.VOLUME) {
            throw new IllegalArgumentException(blocks.length + " blocks, expected " + Neighbours.VOLUME);
        }
    }

    private static int block(int id) {
        if (id < 0 || id >= Wire.MAX_BLOCKS) {
            throw new IllegalArgumentException("block id " + id + ", expected 0 to " + (Wire.MAX_BLOCKS - 1));
        }
        return id;
    }
}
