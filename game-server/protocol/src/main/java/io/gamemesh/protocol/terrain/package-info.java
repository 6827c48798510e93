/**
 * Terrain on the wire and in the store: one section of 16 x 16 x 16 blocks in as few bytes as its form allows, whole or
 * as what differs from what the generator makes. Decoding is strict, and its memory and time are bounded by the size of
 * a section, whatever the input.
 */
@NullMarked
package io.gamemesh.protocol.terrain;

import org.jspecify.annotations.NullMarked;
