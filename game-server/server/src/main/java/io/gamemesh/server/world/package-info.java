/**
 * What this process knows and runs of the world: the leaf map, and the regions that it hosts. Everything here is shared
 * between threads and safe for them.
 */
@NullMarked
package io.gamemesh.server.world;

import org.jspecify.annotations.NullMarked;
