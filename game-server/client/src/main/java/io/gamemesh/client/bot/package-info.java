/**
 * Players that play by themselves, many in one process, to load a mesh and to check from outside that it keeps its
 * promises. {@link io.gamemesh.client.bot.Bots} is the program.
 */
@NullMarked
package io.gamemesh.client.bot;

import org.jspecify.annotations.NullMarked;
