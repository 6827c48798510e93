package io.gamemesh.core.region;

/** A block, in world coordinates. */
record Place(int x, int y, int z) {}
