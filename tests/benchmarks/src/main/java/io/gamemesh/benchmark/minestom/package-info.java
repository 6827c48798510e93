/**
 * Measures the game server beside Minestom: as many players on the same walks over real sockets, one server after the other
 * on the same machine, and what each costs in CPU time and bytes.
 */
@NullMarked
package io.gamemesh.benchmark.minestom;

import org.jspecify.annotations.NullMarked;
