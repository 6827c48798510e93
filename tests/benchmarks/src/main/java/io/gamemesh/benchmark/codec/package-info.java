/**
 * Measures the coding of terrain beside zlib, Zstandard and run lengths, on sections as generated, as people build and of
 * noise. All of them decode to the same array of block ids.
 */
@NullMarked
package io.gamemesh.benchmark.codec;

import org.jspecify.annotations.NullMarked;
