/**
 * Space: positions, boxes, how the world is divided into regions, and which region is the leaf at a position. Metres,
 * right-handed, +y up; a block is one metre.
 */
@NullMarked
package io.gamemesh.protocol.geometry;

import org.jspecify.annotations.NullMarked;
