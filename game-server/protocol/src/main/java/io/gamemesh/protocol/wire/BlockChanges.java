package io.gamemesh.protocol.wire;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of one section that were replaced within a tick.
 *
 * @param x section coordinates: block coordinates over 16, rounded down
 * @param y section coordinates
 * @param z section coordinates
 * @param packed three bytes for each, the most significant first: the block's index in the section ({@code (y * 16 + z) *
 *     16 + x}) times 4,096, and its id from now on; by rising index, 1 to {@link Wire#MAX_BLOCK_CHANGES} of them
 */
public record BlockChanges(int x, int y, int z, Bytes packed) {

    private static final int ENTRY_BYTES = 3;
    private static final int BLOCK_BITS = 12;
    private static final int BLOCK_MASK = (1 << BLOCK_BITS) - 1;

    static final Codec<BlockChanges> CODEC = Codec.of(
            (out, changes) -> out.i32(changes.x).i32(changes.y).i32(changes.z).fixedBytes(changes.packed),
            BlockChanges::read);

    /** Takes each block; world coordinates. */
    @FunctionalInterface
    public interface Consumer {
        /** Takes one. */
        void accept(int x, int y, int z, int block);
    }

    /** @throws IllegalArgumentException if it is not as said */
    public BlockChanges {
        String objection = objection(packed);
        if (!objection.isEmpty()) {
            throw new IllegalArgumentException(objection);
        }
    }

    /**
     * Of the ids that blocks have from now on.
     *
     * @param x section coordinates
     * @param y section coordinates
     * @param z section coordinates
     * @param entries each an index times 4,096 and a block's id, by rising index
     */
    public static BlockChanges of(int x, int y, int z, int[] entries) {
        byte[] packed = new byte[entries.length * ENTRY_BYTES];
        for (int i = 0; i < entries.length; i++) {
            packed[i * ENTRY_BYTES] = (byte) (entries[i] >> 16);
            packed[i * ENTRY_BYTES + 1] = (byte) (entries[i] >> 8);
            packed[i * ENTRY_BYTES + 2] = (byte) entries[i];
        }
        return new BlockChanges(x, y, z, Bytes.copyOf(packed));
    }

    /** Of one block; world coordinates. */
    public static BlockChanges ofOne(int x, int y, int z, int block) {
        return of(x >> 4, y >> 4, z >> 4, new int[] {entry(x, y, z, block)});
    }

    /** What {@link #of} takes, of the block's coordinates in the world or in its section. */
    public static int entry(int x, int y, int z, int block) {
        int index = ((y & 15) << 8) | ((z & 15) << 4) | (x & 15);
        return (index << BLOCK_BITS) | block;
    }

    /** The index of the block that an entry is of. */
    public static int index(int entry) {
        return entry >> BLOCK_BITS;
    }

    private static BlockChanges read(WireReader in) {
        int x = in.i32("BlocksChanged x");
        int y = in.i32("BlocksChanged y");
        int z = in.i32("BlocksChanged z");
        Bytes packed = in.rest("BlocksChanged changes", Wire.MAX_BLOCK_CHANGES * ENTRY_BYTES);
        String objection = objection(packed);
        if (!objection.isEmpty()) {
            throw malformed(objection);
        }
        return new BlockChanges(x, y, z, packed);
    }

    private static String objection(Bytes packed) {
        int length = packed.length();
        if (length == 0 || length % ENTRY_BYTES != 0 || length > Wire.MAX_BLOCK_CHANGES * ENTRY_BYTES) {
            return "changes of blocks have " + length + " bytes, expected 3 for each of 1 to " + Wire.MAX_BLOCK_CHANGES;
        }
        ByteBuffer bytes = packed.asReadOnlyBuffer();
        int before = -1;
        while (bytes.hasRemaining()) {
            int index = index(next(bytes));
            if (index <= before) {
                return "change of block " + index + " comes after that of " + before + ", expected rising indexes";
            }
            before = index;
        }
        return "";
    }

    private static int next(ByteBuffer bytes) {
        return (Byte.toUnsignedInt(bytes.get()) << 16) | Short.toUnsignedInt(bytes.getShort());
    }

    /** How many blocks. */
    public int count() {
        return packed.length() / ENTRY_BYTES;
    }

    /** Tells of each block, by rising index. */
    public void forEach(Consumer consumer) {
        ByteBuffer bytes = packed.asReadOnlyBuffer();
        while (bytes.hasRemaining()) {
            int entry = next(bytes);
            int index = index(entry);
            consumer.accept(
                    (x << 4) + (index & 15),
                    (y << 4) + (index >> 8),
                    (z << 4) + ((index >> 4) & 15),
                    entry & BLOCK_MASK);
        }
    }

    /** Each block, by rising index. */
    public List<BlockChange> blocks() {
        List<BlockChange> blocks = new ArrayList<>();
        forEach((blockX, blockY, blockZ, block) -> blocks.add(new BlockChange(blockX, blockY, blockZ, block)));
        return blocks;
    }
}
