/**
 * The game-server process: its configuration and how its parts are put together. What decides lives in the core; the
 * packages below own sockets, threads and clocks.
 */
@NullMarked
package io.gamemesh.server;

import org.jspecify.annotations.NullMarked;
