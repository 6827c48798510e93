package io.gamemesh.core.voxel;

/** Level ground: grass at y = 0, three blocks of dirt below, then stone. */
public final class FlatGenerator implements Generator {

    private static final int DIRT_DEPTH = 3;

    private final Section grass = layers(0);
    private final Section earth = layers(-1);

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
        return switch (y) {
            case 0 -> grass;
            case -1 -> earth;
            default -> Section.uniform(y > 0 ? Blocks.AIR : Blocks.STONE);
        };
    }

    private static Section layers(int sectionY) {
        short[] blocks = new short[Section.VOLUME];
        for (int i = 0; i < Section.VOLUME; i++) {
            blocks[i] = block(sectionY * Section.EDGE + i / (Section.EDGE * Section.EDGE));
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
