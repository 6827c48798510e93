/**
 * A Minestom server and players for it, each a process of its own, to measure Gamemesh against. What both sides' players
 * have in common is here too: the paths they walk and how they are told what to do.
 */
@NullMarked
package io.gamemesh.minestom;

import org.jspecify.annotations.NullMarked;
