/**
 * The engine of one region: takes what players and neighbours say, steps, and gives what to send to them. It has no
 * clock, no thread and no socket; everything else about a region is round it.
 */
@NullMarked
package io.gamemesh.core.region;

import org.jspecify.annotations.NullMarked;
