package io.gamemesh.benchmark.codec;

import io.gamemesh.core.voxel.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The sections to measure on, none of which is uniform. */
enum Corpus {
    /** What a player on the surface of {@code hills} sees. */
    GENERATED,
    /** What is not as generated of what a player sees in the middle of a town. */
    EDITED,
    /** Each block by chance, of a power of two of kinds, 2 to 4,096. */
    NOISE;

    private static final int NOISE_SEED = 7;
    private static final int SECTIONS_OF_NOISE = 12 * 16;

    List<short[]> sections() {
        return switch (this) {
            case GENERATED -> generated();
            case EDITED -> edited();
            case NOISE -> noise();
        };
    }

    private static List<short[]> generated() {
        BuiltWorld world = BuiltWorld.untouched();
        List<short[]> sections = new ArrayList<>();
        for (int[] section : world.view(0, 0)) {
            addUnlessUniform(world.blocks(section), sections);
        }
        return sections;
    }

    private static List<short[]> edited() {
        BuiltWorld untouched = BuiltWorld.untouched();
        BuiltWorld town = BuiltWorld.town(0, 0);
        List<short[]> sections = new ArrayList<>();
        for (int[] section : town.view(0, 0)) {
            short[] blocks = town.blocks(section);
            if (!Arrays.equals(blocks, untouched.blocks(section))) {
                addUnlessUniform(blocks, sections);
            }
        }
        return sections;
    }

    private static List<short[]> noise() {
        SplittableRandom random = new SplittableRandom(NOISE_SEED);
        List<short[]> sections = new ArrayList<>();
        for (int i = 0; i < SECTIONS_OF_NOISE; i++) {
            int kinds = 2 << i % 12;
            short[] blocks = new short[Section.VOLUME];
            for (int block = 0; block < blocks.length; block++) {
                blocks[block] = (short) random.nextInt(kinds);
            }
            sections.add(blocks);
        }
        return sections;
    }

    private static void addUnlessUniform(short[] blocks, List<short[]> sections) {
        for (short block : blocks) {
            if (block != blocks[0]) {
                sections.add(blocks);
                return;
            }
        }
    }
}
