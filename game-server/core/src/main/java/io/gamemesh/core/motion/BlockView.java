package io.gamemesh.core.motion;

/** The blocks among which something moves. */
@FunctionalInterface
public interface BlockView {

    /** What is there, in world coordinates of the block. */
    Matter at(int x, int y, int z);
}
