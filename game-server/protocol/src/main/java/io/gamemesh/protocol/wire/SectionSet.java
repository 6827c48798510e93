package io.gamemesh.protocol.wire;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import java.util.BitSet;

/**
 * Sections near each other: a box, and a bit for each section in it. Section coordinates throughout.
 *
 * @param x the box's least x
 * @param y the box's least y
 * @param z the box's least z
 * @param sizeX of the box, 1 to {@value #MAX_SIZE}
 * @param sizeY as {@code sizeX}
 * @param sizeZ as {@code sizeX}; there are up to {@link Wire#MAX_SECTION_SET} sections in the box
 * @param bits bit {@code i % 8} of byte {@code i / 8}, 0 being the lowest, is of the section at
 *     {@code i = (y * sizeZ + z) * sizeX + x} from the least corner; as many bytes as that takes, filled up with zeros
 */
public record SectionSet(int x, int y, int z, int sizeX, int sizeY, int sizeZ, Bytes bits) {

    /** Greatest size of a box. */
    public static final int MAX_SIZE = 255;

    static final Codec<SectionSet> CODEC = Codec.of(
            (out, set) -> out.i32(set.x)
                    .i32(set.y)
                    .i32(set.z)
                    .u8(set.sizeX)
                    .u8(set.sizeY)
                    .u8(set.sizeZ)
                    .fixedBytes(set.bits),
            SectionSet::read);

    /** Takes each section of a set; section coordinates. */
    @FunctionalInterface
    public interface Consumer {
        /** Takes one. */
        void accept(int x, int y, int z);
    }

    /** @throws IllegalArgumentException if it is not as said */
    public SectionSet {
        String objection = objection(sizeX, sizeY, sizeZ);
        if (!objection.isEmpty()) {
            throw new IllegalArgumentException(objection);
        }
        int volume = sizeX * sizeY * sizeZ;
        if (bits.length() != length(volume)) {
            throw new IllegalArgumentException(
                    "set of " + volume + " sections has " + bits.length() + " bytes, expected " + length(volume));
        }
        if (lastBit(bits) >= volume) {
            throw new IllegalArgumentException("set of " + volume + " sections has bit " + lastBit(bits)
                    + ", expected none after " + (volume - 1));
        }
    }

    /**
     * The set of some of the sections in a box.
     *
     * @param indexes bit i is of the section of index i, as in {@link #bits}
     * @throws IllegalArgumentException if the box or the indexes are out of bounds
     */
    public static SectionSet of(int x, int y, int z, int sizeX, int sizeY, int sizeZ, BitSet indexes) {
        byte[] bytes = new byte[length(sizeX * sizeY * sizeZ)];
        byte[] set = indexes.toByteArray();
        if (set.length > bytes.length) {
            throw new IllegalArgumentException(
                    "section index is " + (indexes.length() - 1) + ", expected below " + sizeX * sizeY * sizeZ);
        }
        System.arraycopy(set, 0, bytes, 0, set.length);
        return new SectionSet(x, y, z, sizeX, sizeY, sizeZ, Bytes.copyOf(bytes));
    }

    private static SectionSet read(WireReader in) {
        int x = in.i32("section set x");
        int y = in.i32("section set y");
        int z = in.i32("section set z");
        int sizeX = in.u8("section set size x");
        int sizeY = in.u8("section set size y");
        int sizeZ = in.u8("section set size z");
        String objection = objection(sizeX, sizeY, sizeZ);
        if (!objection.isEmpty()) {
            throw malformed(objection);
        }
        int volume = sizeX * sizeY * sizeZ;
        Bytes bits = in.fixedBytes("section set bits", length(volume));
        if (lastBit(bits) >= volume) {
            throw malformed("section set has bit " + lastBit(bits) + ", expected none after " + (volume - 1));
        }
        return new SectionSet(x, y, z, sizeX, sizeY, sizeZ, bits);
    }

    private static String objection(int sizeX, int sizeY, int sizeZ) {
        boolean sizes = isSize(sizeX) && isSize(sizeY) && isSize(sizeZ);
        return sizes && sizeX * sizeY * sizeZ <= Wire.MAX_SECTION_SET
                ? ""
                : "section set is of %d x %d x %d sections, expected 1 to %d a side and up to %d"
                        .formatted(sizeX, sizeY, sizeZ, MAX_SIZE, Wire.MAX_SECTION_SET);
    }

    private static boolean isSize(int size) {
        return size >= 1 && size <= MAX_SIZE;
    }

    private static int length(int volume) {
        return (volume + Byte.SIZE - 1) / Byte.SIZE;
    }

    private static int lastBit(Bytes bits) {
        return BitSet.valueOf(bits.asReadOnlyBuffer()).length() - 1;
    }

    /** Tells each section of the set, in the order of their indexes. */
    public void forEach(Consumer consumer) {
        BitSet set = BitSet.valueOf(bits.asReadOnlyBuffer());
        for (int index = set.nextSetBit(0); index >= 0; index = set.nextSetBit(index + 1)) {
            consumer.accept(x + index % sizeX, y + index / (sizeX * sizeZ), z + index / sizeX % sizeZ);
        }
    }

    /** How many sections there are. */
    public int count() {
        return BitSet.valueOf(bits.asReadOnlyBuffer()).cardinality();
    }
}
