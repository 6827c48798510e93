/**
 * The world's matter: kinds of block, sections of 16 x 16 x 16 of them, generators that make a world from a seed, and
 * terrain, which is a generator with edits over it. Own generators plug in by {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.gamemesh.core.voxel;

import org.jspecify.annotations.NullMarked;
