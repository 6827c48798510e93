package io.gamemesh.core.voxel;

/** Level ground: grass at y = 0, three blocks of dirt below, then stone. */
public final class FlatGenerator implements Generator {

    private static final int DIRT_DEPTH = 3;

    /** Makes it, whatever the seed. */
    public static final class Factory implements Generator.Factory {

        @Override
        public String name() {
            return "flat";
        }

        @Override
        public Generator create(long seed) {
            return new FlatGenerator();
        }
    }

    @Override
    public Section section(int x, int y, int z) {
        if (y > 0) {
            return Section.uniform(Blocks.AIR);
        }
        if (y < -1) {
            return Section.uniform(Blocks.STONE);
        }
        short[] blocks = new short[Section.VOLUME];
        for (int i = 0; i < Section.VOLUME; i++) {
            blocks[i] = block(y * Section.EDGE + i / (Section.EDGE * Section.EDGE));
        }
        return Section.of(blocks);
    }

    private static short block(int y) {
        if (y > 0) {
            return Blocks.AIR;
        }
        if (y == 0) {
            return Blocks.GRASS;
        }
        return y >= -DIRT_DEPTH ? Blocks.DIRT : Blocks.STONE;
    }

    @Override
    public int surface(int x, int z) {
        return 1;
    }
}
