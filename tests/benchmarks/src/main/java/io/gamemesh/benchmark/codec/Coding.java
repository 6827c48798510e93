package io.gamemesh.benchmark.codec;

/**
 * A way to code the 4,096 block ids of a section. Not thread-safe; keeps what it can reuse.
 *
 * @param <T> a coded section
 */
interface Coding<T> {

    /** A new coded section. */
    T encode(short[] blocks);

    /** Bytes of a coded section. */
    int length(T coded);

    /** Writes the ids of a section over all of an array. */
    void decode(T coded, short[] blocks);
}
