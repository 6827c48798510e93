package io.gamemesh.protocol.wire;

/**
 * A block that was replaced.
 *
 * @param x world coordinates
 * @param y world coordinates
 * @param z world coordinates
 * @param block its id from now on
 */
public record BlockChange(int x, int y, int z, int block) {}
