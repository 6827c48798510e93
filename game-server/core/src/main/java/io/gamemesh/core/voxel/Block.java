package io.gamemesh.core.voxel;

/**
 * A kind of block.
 *
 * @param id what stands for it on the wire and in saved state; never given to another kind
 * @param name lower-case, unique
 * @param solid true if nothing walks through it
 */
public record Block(short id, String name, boolean solid) {}
