package io.gamemesh.benchmark.codec;

import io.gamemesh.core.voxel.Section;
import java.util.Arrays;

/** Runs of blocks as they follow each other: two bytes of length, two bytes of id. */
final class RunLengthCoding implements Coding<short[]> {

    private final short[] runs = new short[2 * Section.VOLUME];

    @Override
    public short[] encode(short[] blocks) {
        int count = 0;
        int begin = 0;
        for (int i = 1; i <= blocks.length; i++) {
            if (i == blocks.length || blocks[i] != blocks[begin]) {
                runs[count] = (short) (i - begin);
                runs[count + 1] = blocks[begin];
                count += 2;
                begin = i;
            }
        }
        return Arrays.copyOf(runs, count);
    }

    @Override
    public int length(short[] coded) {
        return Short.BYTES * coded.length;
    }

    @Override
    public void decode(short[] coded, short[] blocks) {
        int at = 0;
        for (int i = 0; i < coded.length; i += 2) {
            Arrays.fill(blocks, at, at + coded[i], coded[i + 1]);
            at += coded[i];
        }
    }
}
