package io.gamemesh.core.voxel;

import java.util.ArrayList;
import java.util.List;

/**
 * The kinds of block that a world knows; an id is the index into the list. Immutable, safe for any thread.
 *
 * <p>The ids of {@link #standard()} are kept for good: new kinds are added at the end.
 */
public final class Blocks {

    /** Nothing: the id 0 in every registry. */
    public static final short AIR = 0;

    /** Solid ground. */
    public static final short STONE = 1;

    /** What lies under grass. */
    public static final short DIRT = 2;

    /** The surface. */
    public static final short GRASS = 3;

    /** Shores and the bottom of water. */
    public static final short SAND = 4;

    /** Not solid. */
    public static final short WATER = 5;

    /** Trunks of trees. */
    public static final short WOOD = 6;

    /** Crowns of trees. */
    public static final short LEAVES = 7;

    /** Ore in stone. */
    public static final short COAL_ORE = 8;

    /** Ore in stone, deeper. */
    public static final short IRON_ORE = 9;

    /** For building. */
    public static final short PLANKS = 10;

    /** For building. */
    public static final short BRICK = 11;

    /** For building. */
    public static final short GLASS = 12;

    private static final int MAX = 4096;

    private final List<Block> blocks;
    private final boolean[] solid;

    private Blocks(List<Block> blocks) {
        this.blocks = List.copyOf(blocks);
        this.solid = new boolean[blocks.size()];
        for (Block block : blocks) {
            solid[block.id()] = block.solid();
        }
    }

    /** The kinds that come with Gamemesh. */
    public static Blocks standard() {
        return of(List.of(
                new Block(AIR, "air", false),
                new Block(STONE, "stone", true),
                new Block(DIRT, "dirt", true),
                new Block(GRASS, "grass", true),
                new Block(SAND, "sand", true),
                new Block(WATER, "water", false),
                new Block(WOOD, "wood", true),
                new Block(LEAVES, "leaves", true),
                new Block(COAL_ORE, "coal_ore", true),
                new Block(IRON_ORE, "iron_ore", true),
                new Block(PLANKS, "planks", true),
                new Block(BRICK, "brick", true),
                new Block(GLASS, "glass", true)));
    }

    /**
     * A registry of these kinds.
     *
     * @throws IllegalArgumentException unless the ids are 0, 1, 2 and so on, 0 is not solid, and there are 1 to 4,096
     */
    public static Blocks of(List<Block> blocks) {
        if (blocks.isEmpty() || blocks.size() > MAX) {
            throw new IllegalArgumentException("there are " + blocks.size() + " kinds of block, expected 1 to " + MAX);
        }
        List<Block> inOrder = new ArrayList<>(blocks.size());
        for (Block block : blocks) {
            if (block.id() != inOrder.size()) {
                throw new IllegalArgumentException(
                        "block " + block.name() + " has id " + block.id() + ", expected " + inOrder.size());
            }
            inOrder.add(block);
        }
        if (inOrder.getFirst().solid()) {
            throw new IllegalArgumentException("block 0 is solid, expected air");
        }
        return new Blocks(inOrder);
    }

    /** True if there is a kind of block with that id. */
    public boolean has(int id) {
        return id >= 0 && id < solid.length;
    }

    /**
     * The kind of block with that id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Block get(int id) {
        if (!has(id)) {
            throw new IllegalArgumentException("block id is " + id + ", expected 0 to " + (solid.length - 1));
        }
        return blocks.get(id);
    }

    /** True if nothing walks through that kind. The id must be one of this registry's. */
    public boolean isSolid(int id) {
        return solid[id];
    }

    /** All kinds; the index is the id. */
    public List<Block> all() {
        return blocks;
    }
}
