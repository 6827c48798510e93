/**
 * The asteroids: 250 bodies that spin, collide and gather into a ring, synchronised 30 times a second. Every body's decoded
 * state is held against the true one in every tick.
 */
@NullMarked
package io.gamemesh.benchmark.asteroids;

import org.jspecify.annotations.NullMarked;
