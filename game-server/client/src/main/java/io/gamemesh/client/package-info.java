/**
 * A client of a mesh, to write a game with: it joins, moves, edits, sees, and stays in the world while regions and
 * servers come and go. {@link io.gamemesh.client.GameClient} is where to start.
 */
@NullMarked
package io.gamemesh.client;

import org.jspecify.annotations.NullMarked;
